// Winograd's F(4x4, 3x3) (Lavin and Gray 2016, arXiv:1509.09308, sec. 4.1 and
// 4.3): a 3x3 convolution of stride 1, 16 outputs a tile for 36 products where
// the direct sum takes 144. With y = A'[(G g) * (B' d)] for one dimension, the
// filter gradient is the same form read backwards, G'[(A dy) * (B' d)].
//
// Forward goes by F(2x2, 3x3): 16 products for 4 outputs. Pooling decides there
// between neighbours, and photographs have flat areas, where windows that are
// equal give outputs that are equal, and the first of them wins. F(2x2) keeps
// such ties to the bit: of a flat line its transform is (0, 2v, 0, 0), without
// rounding. F(4x4) rounds, and would let noise choose the winners.
//
// A NaN or infinity is never lost: an entry that the direct sum uses enters at
// least one transformed entry with a factor other than zero, and so the output.
// It may spread over its tile. Rounding, measured in the layers of the models:
// 0.9e-6 to 1.8e-6 of the norm; plain float32 sums have 0.1e-6 to 1.1e-6.
//
// Layouts: frames hold four channels a pixel, image after image of them, so
// that neighbours are a constant distance apart. Transformed images and
// products are 36 planes of 32 tiles by channels, one cache line apart from a
// power of two, so that the entries of a tile do not fall into one set of the
// cache.
import { frameQuads } from "./frame";
import { microPanels, microRuns, microRunsNarrow } from "./micro";
import { poolWindow, unpoolFrame } from "./relu_pool";
import { panelWidth, winogradFilterBack } from "./winograd_filter";
import { gradientTile, inputTile, outputTile, smallInputTile, smallOutputTile } from "./winograd_tiles";

/** Tiles transformed and multiplied at once. */
const TILES: i32 = 32;

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

/** Bytes of scratch for the calls below, beside packed filters and frames. */
export function winogradScratch(channels: i32, outChannels: i32): i32 {
  const rounded = (outChannels + 7) & ~7;
  return 36 * <i32>(planeBytes(padded(channels)) + planeBytes(rounded)) + 1024;
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
    frameQuads(from, height, width, channels, frame, frameHeight, frameWidth, top, left);
  } else {
    const pooled = <usize>(image * (height >> 1) * (width >> 1) * channels);
    unpoolFrame(
      source + (pooled << 2),
      winners + pooled,
      height >> 1,
      width >> 1,
      channels,
      frame + (<usize>(top * frameWidth + left) << 4),
      16,
      <usize>frameWidth << 4,
      <usize>(frameHeight * frameWidth) << 4,
    );
  }
}

/**
 * Convolves a batch with filters packed by `winogradFilter`.
 *
 * @param side Outputs along the side of a tile, 2 or 4, as of the filters.
 * @param winners 0, or the winners of pooling: then `source` is the gradient
 * of the pooled images, spread to `height` by `width` on the way in.
 * @param outWinners 0, or where to put the winners of pooling: then `bias` is
 * added and relu and 2x2 pooling are applied on the way out.
 * @param frame Zeros, (side * tilesY + 2) * (side * tilesX + 2) floats by
 * channels, rounded up to a multiple of four.
 */
export function winogradConvolve(
  side: i32,
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
  const isSmall = side == 2;
  const points = <usize>((side + 2) * (side + 2));
  const tilesY = (outHeight + side - 1) / side;
  const tilesX = (outWidth + side - 1) / side;
  const tiles = tilesY * tilesX;
  const total = batch * tiles;
  const frameWidth = side * tilesX + 2;
  const frameHeight = side * tilesY + 2;
  const inner = padded(channels);
  const pixel = <usize>inner << 2;
  const frameRow = <usize>frameWidth << 4;
  const quad = <usize>frameHeight * frameRow;
  const columns = (outChannels + 7) & ~7;
  const plane = planeBytes(inner);
  const outPlane = planeBytes(columns);
  const outPixel = <usize>outChannels << 2;
  const work = scratch;
  const square = work + 576;
  const zero = square + 256;
  const planes = scratch + 1024;
  const products = planes + points * plane;
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
      let corner = frame + <usize>(side * ty) * frameRow + (<usize>(side * (tile - ty * tilesX)) << 4);
      let target = planes + <usize>t * pixel;
      for (let c = 0; c < inner; c += 4) {
        if (isSmall) smallInputTile(corner, frameRow, target, plane, work);
        else inputTile(corner, frameRow, target, plane, work);
        corner += quad;
        target += 16;
      }
    }
    let panel = panels;
    for (let p: usize = 0; p < points; p++) {
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
      const y = tile / tilesX * side;
      const x = tile % tilesX * side;
      const inY = min(side, outHeight - y);
      const inX = min(side, outWidth - x);
      for (let c = 0; c < outChannels; c += 4) {
        const from = products + (<usize>(t * columns + c) << 2);
        if (isSmall) smallOutputTile(from, outPlane, square, work);
        else outputTile(from, outPlane, square, work);
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
  const frameRow = <usize>frameWidth << 4;
  const quad = <usize>frameHeight * frameRow;
  const dyRow = <usize>tilesX << 6;
  const dyQuad = <usize>(4 * tilesY) * dyRow;
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
      let corner = frame + 4 * ty * frameRow + (tx << 6);
      let target = planes + (<usize>t << 4);
      for (let c = 0; c < inner; c += 4) {
        inputTile(corner, frameRow, target, plane, work);
        corner += quad;
        target += <usize>count << 4;
      }
      corner = dyFrame + 4 * ty * dyRow + (tx << 6);
      for (let c: usize = 0; c < outPixel; c += 16) {
        const to = gradients + (c >> 5) * (<usize>count << 5) + (<usize>t << 5) + (c & 16);
        gradientTile(corner, dyRow, to, outPlane, work);
        corner += dyQuad;
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
  winogradFilterBack(sums, sumBytes, dw, <usize>channels * outPixel, work);
}
