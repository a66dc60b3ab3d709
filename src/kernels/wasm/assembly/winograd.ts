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
import { aligned, Geometry } from "./geometry";
import { microPanels, microRuns, microRunsNarrow } from "./micro";
import { poolWindow } from "./relu_pool";
import { unpool } from "./unpool";
import { panelWidth, winogradFilter, winogradFilterBack } from "./winograd_filter";
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

/** Bytes of the planes of `channels` transformed and `outChannels` multiplied, with room to work. */
// @ts-ignore: decorator
@inline
function planesBytes(channels: i32, outChannels: i32): usize {
  const rounded = (outChannels + 7) & ~7;
  return 36 * (planeBytes(padded(channels)) + planeBytes(rounded)) + 1024;
}

/** Bytes of a frame of tiles of `side` by `side` outputs, `border` pixels wider. */
// @ts-ignore: decorator
@inline
function tiledBytes(g: Geometry, channels: i32, side: i32, border: i32): usize {
  const height = (g.outHeight + side - 1) / side * side + border;
  const width = (g.outWidth + side - 1) / side * side + border;
  return <usize>(height * width * padded(channels)) << 2;
}

/** Bytes of transformed and packed filters. */
// @ts-ignore: decorator
@inline
function filterBytes(g: Geometry): usize {
  return <usize>(36 * g.inChannels * ((g.outChannels + 7) & ~7)) << 2;
}

/** Bytes for either the filters on their way into panels or the planes. */
// @ts-ignore: decorator
@inline
function workBytes(g: Geometry): usize {
  const filters = (<usize>(36 * g.inChannels * g.outChannels) << 2) + 128;
  return max(filters, planesBytes(g.inChannels, g.outChannels));
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
    unpool(
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

/** Bytes of scratch that `winogradConvolve` needs. */
export function winogradScratch(g: Geometry, side: i32): i32 {
  return <i32>(aligned(filterBytes(g)) + aligned(tiledBytes(g, g.inChannels, side, 2)) + workBytes(g));
}

/**
 * Convolves a batch with filters [3, 3, in, out], stride 1.
 *
 * @param side Outputs along the side of a tile, 2 or 4.
 * @param source Images, or gradients of outputs if `flipped`.
 * @param winners 0, or the winners of pooling: then `source` is the gradient of
 * the pooled images, spread to full size on the way in.
 * @param flipped For the input gradient: the filters turned by half a circle,
 * with input and output exchanged; `g` is then that of the gradient.
 * @param outWinners 0, or where the winners of pooling go: then `bias` is added
 * and relu and 2x2 pooling are applied on the way out.
 * @param scratch `winogradScratch` bytes.
 */
export function winogradConvolve(
  g: Geometry,
  side: i32,
  source: usize,
  winners: usize,
  filter: usize,
  flipped: bool,
  bias: usize,
  out: usize,
  outWinners: usize,
  scratch: usize,
): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const top = g.padTop, left = g.padLeft;
  const panels = scratch;
  const frame = panels + aligned(filterBytes(g));
  const work = frame + aligned(tiledBytes(g, channels, side, 2));
  winogradFilter(side, filter, flipped ? outChannels : channels, flipped ? channels : outChannels, flipped, panels, work);
  memory.fill(frame, 0, tiledBytes(g, channels, side, 2));
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
  const square = work + 576;
  const zero = square + 256;
  const planes = work + 1024;
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

/** Bytes of the sums of products, before they are transformed back. */
// @ts-ignore: decorator
@inline
function sumsBytes(g: Geometry): usize {
  return <usize>(36 * padded(g.inChannels) * g.outChannels) << 2;
}

/** Bytes of scratch that `winogradFilterGradient` needs. */
export function winogradFilterGradientScratch(g: Geometry): i32 {
  return <i32>(
    aligned(sumsBytes(g)) + aligned(tiledBytes(g, g.inChannels, 4, 2)) +
    aligned(tiledBytes(g, g.outChannels, 4, 0)) + planesBytes(g.inChannels, g.outChannels)
  );
}

/**
 * dL/dW [3, 3, in, out] of a convolution of stride 1, by the transpose of
 * F(4x4, 3x3).
 *
 * @param winners 0, or the winners of pooling, as in `winogradConvolve`.
 * @param scratch `winogradFilterGradientScratch` bytes.
 */
export function winogradFilterGradient(
  g: Geometry,
  x: usize,
  dy: usize,
  winners: usize,
  dw: usize,
  scratch: usize,
): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const top = g.padTop, left = g.padLeft;
  const sums = scratch;
  const frame = sums + aligned(sumsBytes(g));
  const dyFrame = frame + aligned(tiledBytes(g, channels, 4, 2));
  const work = dyFrame + aligned(tiledBytes(g, outChannels, 4, 0));
  memory.fill(frame, 0, tiledBytes(g, channels, 4, 2));
  memory.fill(dyFrame, 0, tiledBytes(g, outChannels, 4, 0));
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
  const planes = work + 1024;
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
