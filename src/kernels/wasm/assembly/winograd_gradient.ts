// The filter gradient by Winograd's algorithm: see `winograd.ts`.
import { aligned, Geometry } from "./geometry";
import { splatOf } from "./lanes";
import { microPanels } from "./micro";
import { winogradFilterBack } from "./winograd_filter";
import { frameSource, padded, planeBytes, planesBytes, tiledBytes, TILES } from "./winograd_frame";
import { gradientTile, inputTile } from "./winograd_tiles";

/**
 * Bytes from one plane of the sums of products to the next: one cache line more
 * than they have, as in `filterPlaneBytes`.
 */
// @ts-ignore: decorator
@inline
function sumPlaneBytes(g: Geometry): usize {
  return (<usize>(padded(g.inChannels) * g.outChannels) << 2) + 64;
}

/** Bytes of the sums of products, before they are transformed back. */
// @ts-ignore: decorator
@inline
function sumsBytes(g: Geometry): usize {
  return 36 * sumPlaneBytes(g);
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
  const sumBytes = sumPlaneBytes(g);
  const planes = work + 1024;
  const gradients = planes + 36 * plane;
  const two = splatOf(work, 2), four = splatOf(work, 4), five = splatOf(work, 5);
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
        inputTile(corner, frameRow, target, plane, two, four, five);
        corner += quad;
        target += <usize>count << 4;
      }
      corner = dyFrame + 4 * ty * dyRow + (tx << 6);
      for (let c: usize = 0; c < outPixel; c += 16) {
        const to = gradients + (c >> 5) * (<usize>count << 5) + (<usize>t << 5) + (c & 16);
        gradientTile(corner, dyRow, to, outPlane, two, four);
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
