// Winograd's F(4x4, 3x3) (Lavin and Gray 2016, arXiv:1509.09308, sec. 4.1 and
// 4.3): a 3x3 convolution of stride 1, 16 outputs a tile for 36 products where
// the direct sum takes 144. With y = A'[(G g) * (B' d)] for one dimension, the
// filter gradient is the same form read backwards, G'[(A dy) * (B' d)].
//
// A NaN or infinity is never lost: an entry that the direct sum uses enters at
// least one transformed entry with a factor other than zero, and so the output.
// It may spread over its tile. Rounding is a few times that of the direct sum
// (measured 5e-7 of the norm, against 2e-7).
//
// Layouts: transformed images and products are 36 planes of 32 tiles by
// channels, one cache line apart from a power of two, so that the 36 entries
// of a tile do not fall into one set of the cache.
import { frameImage, framePadded } from "./conv";
import { microPanels, microRuns, microRunsNarrow } from "./micro";
import { packPanels } from "./pack";
import { poolWindow, unpoolFrame } from "./relu_pool";

/** Tiles transformed and multiplied at once. */
const TILES: i32 = 32;

// @ts-ignore: decorator
@inline
function splat(value: f32): v128 {
  return f32x4.splat(value);
}

/** Bytes from plane to plane of `TILES` by `channels`. */
// @ts-ignore: decorator
@inline
function planeBytes(channels: i32): usize {
  return (<usize>(TILES * channels) << 2) + 64;
}

/** Channels as framed: a multiple of four. */
// @ts-ignore: decorator
@inline
function padded(channels: i32): i32 {
  return (channels + 3) & ~3;
}

/** Columns of a packed filter: few outputs take tall tiles. */
// @ts-ignore: decorator
@inline
function panelWidth(outChannels: i32): i32 {
  return outChannels <= 4 ? 4 : 8;
}

/** Bytes of scratch for the calls below, beside packed filters and frames. */
export function winogradScratch(channels: i32, outChannels: i32): i32 {
  const rounded = (outChannels + 7) & ~7;
  return 36 * <i32>(planeBytes(padded(channels)) + planeBytes(rounded)) + 1024;
}

/** B' of six vectors `from` bytes apart, stored `to` bytes apart. */
// @ts-ignore: decorator
@inline
function inputLine(source: usize, from: usize, target: usize, to: usize): void {
  const x0 = v128.load(source);
  const x1 = v128.load(source + from);
  const x2 = v128.load(source + 2 * from);
  const x3 = v128.load(source + 3 * from);
  const x4 = v128.load(source + 4 * from);
  const x5 = v128.load(source + 5 * from);
  const four = splat(4), five = splat(5), two = splat(2);
  v128.store(target, f32x4.add(f32x4.sub(f32x4.mul(four, x0), f32x4.mul(five, x2)), x4));
  const a = f32x4.sub(x4, f32x4.mul(four, x2));
  const b = f32x4.sub(x3, f32x4.mul(four, x1));
  v128.store(target + to, f32x4.add(a, b));
  v128.store(target + 2 * to, f32x4.sub(a, b));
  const c = f32x4.sub(x4, x2);
  const d = f32x4.mul(two, f32x4.sub(x3, x1));
  v128.store(target + 3 * to, f32x4.add(c, d));
  v128.store(target + 4 * to, f32x4.sub(c, d));
  v128.store(target + 5 * to, f32x4.add(f32x4.sub(f32x4.mul(four, x1), f32x4.mul(five, x3)), x5));
}

/** B' d B of one tile, four channels; entries go `plane` bytes apart. */
// @ts-ignore: decorator
@inline
function inputTile(source: usize, row: usize, pixel: usize, target: usize, plane: usize, work: usize): void {
  for (let x: usize = 0; x < 6; x++) {
    inputLine(source + x * pixel, row, work + (x << 4), 96);
  }
  for (let y: usize = 0; y < 6; y++) {
    inputLine(work + y * 96, 16, target + y * 6 * plane, plane);
  }
}

/** A' of six vectors `from` bytes apart, to four `to` bytes apart. */
// @ts-ignore: decorator
@inline
function outputLine(source: usize, from: usize, target: usize, to: usize): void {
  const m0 = v128.load(source);
  const m1 = v128.load(source + from);
  const m2 = v128.load(source + 2 * from);
  const m3 = v128.load(source + 3 * from);
  const m4 = v128.load(source + 4 * from);
  const m5 = v128.load(source + 5 * from);
  const s1 = f32x4.add(m1, m2), d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4), d2 = f32x4.sub(m3, m4);
  v128.store(target, f32x4.add(f32x4.add(m0, s1), s2));
  v128.store(target + to, f32x4.add(d1, f32x4.mul(splat(2), d2)));
  v128.store(target + 2 * to, f32x4.add(s1, f32x4.mul(splat(4), s2)));
  v128.store(target + 3 * to, f32x4.add(f32x4.add(d1, f32x4.mul(splat(8), d2)), m5));
}

/** A of four vectors `from` bytes apart, to six `to` bytes apart. */
// @ts-ignore: decorator
@inline
function gradientLine(source: usize, from: usize, target: usize, to: usize): void {
  const y0 = v128.load(source);
  const y1 = v128.load(source + from);
  const y2 = v128.load(source + 2 * from);
  const y3 = v128.load(source + 3 * from);
  const even = f32x4.add(y0, y2), odd = f32x4.add(y1, y3);
  const even2 = f32x4.add(y0, f32x4.mul(splat(4), y2));
  const odd2 = f32x4.add(f32x4.mul(splat(2), y1), f32x4.mul(splat(8), y3));
  v128.store(target, y0);
  v128.store(target + to, f32x4.add(even, odd));
  v128.store(target + 2 * to, f32x4.sub(even, odd));
  v128.store(target + 3 * to, f32x4.add(even2, odd2));
  v128.store(target + 4 * to, f32x4.sub(even2, odd2));
  v128.store(target + 5 * to, y3);
}

/** G of three numbers `from` bytes apart, to six `to` bytes apart. */
function filterLine(source: usize, from: usize, target: usize, to: usize): void {
  const g0 = load<f32>(source);
  const g1 = load<f32>(source + from);
  const g2 = load<f32>(source + 2 * from);
  const even: f32 = (g0 + g2) / 6, odd: f32 = g1 / 6;
  const even2: f32 = g0 / 24 + g2 / 6, odd2: f32 = g1 / 12;
  store<f32>(target, g0 / 4);
  store<f32>(target + to, -even - odd);
  store<f32>(target + 2 * to, odd - even);
  store<f32>(target + 3 * to, even2 + odd2);
  store<f32>(target + 4 * to, even2 - odd2);
  store<f32>(target + 5 * to, g2);
}

/** G' of six numbers `from` bytes apart, to three `to` bytes apart. */
function filterLineBack(source: usize, from: usize, target: usize, to: usize): void {
  const m1 = load<f32>(source + from), m2 = load<f32>(source + 2 * from);
  const m3 = load<f32>(source + 3 * from), m4 = load<f32>(source + 4 * from);
  const near: f32 = (m1 + m2) / 6;
  store<f32>(target, load<f32>(source) / 4 - near + (m3 + m4) / 24);
  store<f32>(target + to, (m2 - m1) / 6 + (m3 - m4) / 12);
  store<f32>(target + 2 * to, (m3 + m4) / 6 - near + load<f32>(source + 5 * from));
}

/**
 * Transforms and packs 3x3 filters [3, 3, channels, outChannels].
 *
 * @param flipped For the input gradient: turned, inputs and outputs exchanged.
 * @param panels 36 times the panels of 8 columns (4 if there are no more) by
 * the summed channels.
 * @param work Room for 36 * channels * outChannels + 18 floats.
 */
export function winogradFilter(
  filter: usize,
  channels: i32,
  outChannels: i32,
  flipped: bool,
  panels: usize,
  work: usize,
): void {
  const pairs = channels * outChannels;
  const step = <usize>pairs << 2;
  // Six lines of three: one filter transformed along y.
  const lines = work + 36 * step;
  // Turned by half a circle: from the last tap backwards.
  const first = flipped ? filter + 8 * step : filter;
  const next = flipped ? 0 - step : step;
  for (let i = 0; i < pairs; i++) {
    const source = first + (<usize>i << 2);
    for (let x: usize = 0; x < 3; x++) {
      filterLine(source + x * next, 3 * next, lines + (x << 2), 12);
    }
    for (let y: usize = 0; y < 6; y++) {
      filterLine(lines + y * 12, 4, work + (<usize>i << 2) + y * 6 * step, step);
    }
  }
  const summed = flipped ? outChannels : channels;
  const columns = flipped ? channels : outChannels;
  const width = panelWidth(columns);
  const bytes = <usize>((columns + width - 1) / width * width * summed) << 2;
  for (let p = 0; p < 36; p++) {
    packPanels(
      width,
      work + <usize>p * step,
      columns,
      summed,
      flipped ? outChannels : 1,
      flipped ? 1 : outChannels,
      panels + <usize>p * bytes,
      summed,
    );
  }
}

/** Puts one image, or the gradient of its pooling, into a frame of zeros. */
// @ts-ignore: decorator
@inline
function frameSource(
  source: usize,
  winners: usize,
  image: i32,
  height: i32,
  width: i32,
  channels: i32,
  frame: usize,
  frameHeight: i32,
  frameWidth: i32,
  top: i32,
  left: i32,
): void {
  if (winners == 0) {
    const from = source + (<usize>(image * height * width * channels) << 2);
    if (channels == padded(channels)) {
      frameImage(from, height, width, channels, frame, frameHeight, frameWidth, top, left, 1, 1);
    } else {
      framePadded(from, height, width, channels, frame, frameHeight, frameWidth, padded(channels), top, left);
    }
  } else {
    const pooled = <usize>(image * (height >> 1) * (width >> 1) * channels);
    unpoolFrame(source + (pooled << 2), winners + pooled, height >> 1, width >> 1, channels, frame, frameWidth, top, left);
  }
}

/**
 * Convolves a batch with filters packed by `winogradFilter`.
 *
 * @param winners 0, or the winners of pooling: then `source` is the gradient
 * of the pooled images, spread to `height` by `width` on the way in.
 * @param outWinners 0, or where to put the winners of pooling: then `bias` is
 * added and relu and 2x2 pooling are applied on the way out.
 * @param frame Zeros, (4 * tilesY + 2) * (4 * tilesX + 2) floats by
 * channels, rounded up to a multiple of four.
 */
export function winogradConvolve(
  source: usize,
  winners: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  panels: usize,
  out: usize,
  outWinners: usize,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  bias: usize,
  frame: usize,
  scratch: usize,
): void {
  const tilesY = (outHeight + 3) >> 2;
  const tilesX = (outWidth + 3) >> 2;
  const tiles = tilesY * tilesX;
  const total = batch * tiles;
  const frameWidth = 4 * tilesX + 2;
  const frameHeight = 4 * tilesY + 2;
  const inner = padded(channels);
  const pixel = <usize>inner << 2;
  const frameRow = <usize>frameWidth * pixel;
  const columns = (outChannels + 7) & ~7;
  const plane = planeBytes(inner);
  const outPlane = planeBytes(columns);
  const outPixel = <usize>outChannels << 2;
  const work = scratch;
  const square = work + 576;
  const zero = square + 256;
  const planes = scratch + 1024;
  const products = planes + 36 * plane;
  store<i32>(zero, 0);
  let framed = -1;
  for (let begin = 0; begin < total; begin += TILES) {
    const count = min(TILES, total - begin);
    for (let t = 0; t < count; t++) {
      const image = (begin + t) / tiles;
      const tile = begin + t - image * tiles;
      if (image != framed) {
        frameSource(source, winners, image, height, width, channels, frame, frameHeight, frameWidth, top, left);
        framed = image;
      }
      const ty = tile / tilesX;
      const corner = frame + <usize>(4 * ty) * frameRow + <usize>(4 * (tile - ty * tilesX)) * pixel;
      const target = planes + <usize>t * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        inputTile(corner + c, frameRow, pixel, target + c, plane, work);
      }
    }
    let panel = panels;
    for (let p: usize = 0; p < 36; p++) {
      if (panelWidth(outChannels) == 4) {
        let row = planes + p * plane;
        let target = products + p * outPlane;
        for (let t = 0; t < count; t += 8) {
          microRunsNarrow(row, pixel, zero, 1, channels, panel, target);
          row += 8 * pixel;
          target += 256;
        }
        panel += <usize>channels << 4;
        continue;
      }
      for (let j: usize = 0; j < <usize>columns; j += 8) {
        let row = planes + p * plane;
        let target = products + p * outPlane + (j << 2);
        // Rows beyond `count` hold an earlier chunk's tiles; none is read.
        for (let t = 0; t < count; t += 4) {
          microRuns(
            row,
            row + pixel,
            row + 2 * pixel,
            row + 3 * pixel,
            zero,
            1,
            channels,
            panel,
            target,
            <usize>columns << 2,
          );
          row += 4 * pixel;
          target += <usize>columns << 4;
        }
        panel += <usize>channels << 5;
      }
    }
    for (let t = 0; t < count; t++) {
      const image = (begin + t) / tiles;
      const tile = begin + t - image * tiles;
      const y = tile / tilesX << 2;
      const x = tile % tilesX << 2;
      const inY = min(4, outHeight - y);
      const inX = min(4, outWidth - x);
      for (let c = 0; c < outChannels; c += 4) {
        const from = products + (<usize>(t * columns + c) << 2);
        for (let i: usize = 0; i < 6; i++) {
          outputLine(from + i * outPlane, 6 * outPlane, work + (i << 4), 96);
        }
        for (let i: usize = 0; i < 4; i++) {
          outputLine(work + i * 96, 16, square + (i << 6), 16);
        }
        if (outWinners != 0) {
          const halfWidth = outWidth >> 1;
          for (let i = 0; i < inY; i += 2) {
            for (let j = 0; j < inX; j += 2) {
              const at = ((image * (outHeight >> 1) + (y + i >> 1)) * halfWidth + (x + j >> 1)) * outChannels + c;
              const corner = square + (<usize>(4 * i + j) << 4);
              poolWindow(corner, corner + 16, corner + 64, corner + 80, bias + (<usize>c << 2), out + (<usize>at << 2), outWinners + at);
            }
          }
        } else {
          for (let i = 0; i < inY; i++) {
            let at = out + <usize>((image * outHeight + y + i) * outWidth + x) * outPixel + (<usize>c << 2);
            for (let j = 0; j < inX; j++) {
              const from = square + (<usize>(4 * i + j) << 4);
              if (outChannels - c >= 4) {
                v128.store(at, v128.load(from));
              } else {
                memory.copy(at, from, <usize>(outChannels - c) << 2);
              }
              at += outPixel;
            }
          }
        }
      }
    }
  }
}

/**
 * Gradient of 3x3 filters.
 *
 * @param x Images, framed with zeros at (top, left).
 * @param winners 0, or the winners of pooling, as in `winogradConvolve`.
 * @param sums 36 * outChannels floats of scratch by channels, rounded up.
 * @param frame Zeros, as in `winogradConvolve`.
 * @param dyFrame Zeros, (4 * tilesY) * (4 * tilesX) * outChannels floats.
 */
export function winogradFilterGradient(
  x: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  dy: usize,
  winners: usize,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  dw: usize,
  sums: usize,
  frame: usize,
  dyFrame: usize,
  scratch: usize,
): void {
  const tilesY = (outHeight + 3) >> 2;
  const tilesX = (outWidth + 3) >> 2;
  const tiles = tilesY * tilesX;
  const total = batch * tiles;
  const frameWidth = 4 * tilesX + 2;
  const frameHeight = 4 * tilesY + 2;
  const inner = padded(channels);
  const pixel = <usize>inner << 2;
  const outPixel = <usize>outChannels << 2;
  const frameRow = <usize>frameWidth * pixel;
  const dyRow = <usize>(4 * tilesX) * outPixel;
  const plane = planeBytes(inner);
  const outPlane = planeBytes(outChannels);
  const sumBytes = pixel * <usize>outChannels;
  const work = scratch;
  const planes = scratch + 1024;
  const gradients = planes + 36 * plane;
  memory.fill(sums, 0, 36 * sumBytes);
  let framed = -1;
  for (let begin = 0; begin < total; begin += TILES) {
    const count = min(TILES, total - begin);
    for (let t = 0; t < count; t++) {
      const image = (begin + t) / tiles;
      const tile = begin + t - image * tiles;
      if (image != framed) {
        frameSource(x, 0, image, height, width, channels, frame, frameHeight, frameWidth, top, left);
        frameSource(dy, winners, image, outHeight, outWidth, outChannels, dyFrame, 4 * tilesY, 4 * tilesX, 0, 0);
        framed = image;
      }
      const ty = <usize>(tile / tilesX);
      const tx = <usize>(tile % tilesX);
      // Both go straight into panels: [channels / 4, tiles, 4] and
      // [outChannels / 8, tiles, 8].
      const corner = frame + 4 * ty * frameRow + 4 * tx * pixel;
      let target = planes + (<usize>t << 4);
      for (let c: usize = 0; c < pixel; c += 16) {
        inputTile(corner + c, frameRow, pixel, target, plane, work);
        target += <usize>count << 4;
      }
      const dyCorner = dyFrame + 4 * ty * dyRow + 4 * tx * outPixel;
      for (let c: usize = 0; c < outPixel; c += 16) {
        const from = dyCorner + c;
        const to = gradients + (c >> 5) * (<usize>count << 5) + (<usize>t << 5) + (c & 16);
        for (let i: usize = 0; i < 4; i++) {
          gradientLine(from + i * outPixel, dyRow, work + (i << 4), 96);
        }
        for (let i: usize = 0; i < 6; i++) {
          gradientLine(work + i * 96, 16, to + i * 6 * outPlane, outPlane);
        }
      }
    }
    for (let p: usize = 0; p < 36; p++) {
      let b = gradients + p * outPlane;
      for (let j: usize = 0; j < outPixel; j += 32) {
        let a = planes + p * plane;
        let target = sums + p * sumBytes + j;
        for (let i = 0; i < inner; i += 4) {
          microPanels(a, b, count, target, outPixel, true);
          a += <usize>count << 4;
          target += outPixel << 2;
        }
        b += <usize>count << 5;
      }
    }
  }
  // Channels that only pad are the last rows of every plane: left out here.
  const dwBytes = <usize>channels * outPixel;
  for (let i: usize = 0; i < dwBytes; i += 4) {
    for (let q: usize = 0; q < 6; q++) {
      filterLineBack(sums + i + q * sumBytes, 6 * sumBytes, work + (q << 2), 24);
    }
    for (let k: usize = 0; k < 3; k++) {
      filterLineBack(work + k * 24, 4, dw + i + 3 * k * dwBytes, dwBytes);
    }
  }
}
