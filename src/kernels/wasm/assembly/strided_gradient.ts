// The input gradient of a convolution with strides. Spread by the stride, most
// of the output gradient would be zeros. So the pixels of the input are taken by
// their remainders for the stride: those of one class see the same taps of the
// filter, at neighbouring output gradients, and have a convolution of stride 1
// of their own. Together these take as many products as the forward pass.
import { aligned, Geometry, inBytes, outBytes } from "./geometry";
import { microRuns, storeTile } from "./micro";
import { packPanels } from "./pack";

/** Bytes of the scratch tile into which a partial result goes. */
const TILE: usize = 256;

/** Zeros that a frame needs before the first output gradient. */
// @ts-ignore: decorator
@inline
function before(pad: i32, stride: i32): i32 {
  return max(0, (pad + stride - 1) / stride);
}

/** Rows or columns of a frame: output gradients, and zeros on both sides. */
// @ts-ignore: decorator
@inline
function frameSide(inputs: i32, outputs: i32, taps: i32, dilation: i32, pad: i32, stride: i32): i32 {
  const last = outputs - 1 + (taps - 1) * dilation - pad;
  return before(pad, stride) + max(inputs, max(0, last) / stride + 1);
}

// @ts-ignore: decorator
@inline
function frameRows(g: Geometry): i32 {
  return frameSide(g.inHeight, g.outHeight, g.filterHeight, g.dilationHeight, g.padTop, g.spreadHeight);
}

// @ts-ignore: decorator
@inline
function frameColumns(g: Geometry): i32 {
  return frameSide(g.inWidth, g.outWidth, g.filterWidth, g.dilationWidth, g.padLeft, g.spreadWidth);
}

// @ts-ignore: decorator
@inline
function frameBytes(g: Geometry): usize {
  return <usize>(frameRows(g) * frameColumns(g) * g.inChannels) << 2;
}

/** Bytes of all packed filters: each tap belongs to one class of pixels. */
// @ts-ignore: decorator
@inline
function panelBytes(g: Geometry): usize {
  const columns = (g.outChannels + 7) & ~7;
  return <usize>(columns * g.filterHeight * g.filterWidth * g.inChannels) << 2;
}

// @ts-ignore: decorator
@inline
function runsBytes(g: Geometry): usize {
  return <usize>(g.filterHeight * g.filterWidth) << 2;
}

/** Bytes of scratch that `stridedInputGradient` needs. */
export function stridedInputGradientScratch(g: Geometry): i32 {
  return <i32>(aligned(frameBytes(g)) + aligned(panelBytes(g)) + aligned(runsBytes(g)) + TILE);
}

/** Copies one output gradient into its frame. */
function frameGradient(g: Geometry, dy: usize, frame: usize): void {
  const pixel = <usize>g.inChannels << 2;
  const row = <usize>g.inWidth * pixel;
  const frameRow = <usize>frameColumns(g) * pixel;
  let to = frame + <usize>before(g.padTop, g.spreadHeight) * frameRow + <usize>before(g.padLeft, g.spreadWidth) * pixel;
  for (let y = 0; y < g.inHeight; y++) {
    memory.copy(to, dy, row);
    dy += row;
    to += frameRow;
  }
}

/**
 * The input gradient of a convolution with filters [height, width, in, out].
 *
 * @param g The convolution of stride 1 that gives it, spread by the strides.
 * @param scratch `stridedInputGradientScratch` bytes.
 */
export function stridedInputGradient(
  g: Geometry,
  dy: usize,
  filter: usize,
  dx: usize,
  scratch: usize,
): void {
  const frame = scratch;
  const panels = frame + aligned(frameBytes(g));
  const offsets = panels + aligned(panelBytes(g));
  const tile = offsets + aligned(runsBytes(g));
  const gradientBytes = inBytes(g), imageBytes = outBytes(g);
  memory.fill(frame, 0, frameBytes(g));
  for (let image = 0; image < g.batchSize; image++) {
    frameGradient(g, dy, frame);
    let panel = panels;
    for (let y = 0; y < min(g.spreadHeight, g.outHeight); y++) {
      for (let x = 0; x < min(g.spreadWidth, g.outWidth); x++) {
        if (image == 0) packTaps(g, filter, y, x, panel);
        panel += convolveClass(g, y, x, frame, panel, dx, offsets, tile);
      }
    }
    dy += gradientBytes;
    dx += imageBytes;
  }
}

/** Whether the first pixel of a class sees a tap. */
// @ts-ignore: decorator
@inline
function sees(first: i32, tap: i32, dilation: i32, pad: i32, stride: i32): bool {
  return (first + tap * dilation - pad) % stride == 0;
}

/** Packs the taps of one class, turned by half a circle, inputs and outputs exchanged. */
function packTaps(g: Geometry, filter: usize, y: i32, x: i32, panels: usize): void {
  const height = g.filterHeight, width = g.filterWidth;
  const summed = g.inChannels, columns = g.outChannels;
  const depth = countTaps(g, y, x) * summed;
  for (let ky = 0; ky < height; ky++) {
    if (!sees(y, ky, g.dilationHeight, g.padTop, g.spreadHeight)) continue;
    for (let kx = 0; kx < width; kx++) {
      if (!sees(x, kx, g.dilationWidth, g.padLeft, g.spreadWidth)) continue;
      const tap = filter + (<usize>((height * width - 1 - ky * width - kx) * columns * summed) << 2);
      packPanels(8, tap, columns, summed, summed, 1, panels, depth);
      panels += <usize>summed << 5;
    }
  }
}

function countTaps(g: Geometry, y: i32, x: i32): i32 {
  let rows = 0, columns = 0;
  for (let ky = 0; ky < g.filterHeight; ky++) {
    if (sees(y, ky, g.dilationHeight, g.padTop, g.spreadHeight)) rows++;
  }
  for (let kx = 0; kx < g.filterWidth; kx++) {
    if (sees(x, kx, g.dilationWidth, g.padLeft, g.spreadWidth)) columns++;
  }
  return rows * columns;
}

/**
 * Computes the pixels of one class of one image.
 *
 * @returns Bytes of its panels.
 */
function convolveClass(
  g: Geometry,
  y: i32,
  x: i32,
  frame: usize,
  panels: usize,
  dx: usize,
  offsets: usize,
  tile: usize,
): usize {
  const strideY = g.spreadHeight, strideX = g.spreadWidth;
  const channels = g.inChannels, outChannels = g.outChannels, outWidth = g.outWidth;
  const pixel = <usize>channels << 2, outPixel = <usize>outChannels << 2;
  const frameRow = <usize>frameColumns(g) * pixel;
  let taps = 0;
  for (let ky = 0; ky < g.filterHeight; ky++) {
    if (!sees(y, ky, g.dilationHeight, g.padTop, strideY)) continue;
    // Exact divisions: negative ones do not round.
    const row = before(g.padTop, strideY) + (y + ky * g.dilationHeight - g.padTop) / strideY;
    for (let kx = 0; kx < g.filterWidth; kx++) {
      if (!sees(x, kx, g.dilationWidth, g.padLeft, strideX)) continue;
      const column = before(g.padLeft, strideX) + (x + kx * g.dilationWidth - g.padLeft) / strideX;
      store<i32>(offsets + (<usize>taps << 2), row * <i32>frameRow + column * <i32>pixel);
      taps++;
    }
  }
  const panelStep = <usize>(taps * channels) << 5;
  const step = <usize>strideX * outPixel;
  for (let i = y; i < g.outHeight; i += strideY) {
    let place = frame;
    for (let j = x; j < outWidth; j += 4 * strideX) {
      const count = min(4, (outWidth - j + strideX - 1) / strideX);
      // Pixels that are not there repeat the first.
      const p1 = count > 1 ? place + pixel : place;
      const p2 = count > 2 ? place + 2 * pixel : place;
      const p3 = count > 3 ? place + 3 * pixel : place;
      const out = dx + <usize>(i * outWidth + j) * outPixel;
      let panel = panels;
      for (let c = 0; c < outChannels; c += 8) {
        const target = out + (<usize>c << 2);
        if (count == 4 && outChannels - c >= 8) {
          microRuns(place, p1, p2, p3, offsets, taps, channels, panel, target, step);
        } else {
          microRuns(place, p1, p2, p3, offsets, taps, channels, panel, tile, 32);
          storeTile(tile, count, min(8, outChannels - c), target, step, false);
        }
        panel += panelStep;
      }
      place += 4 * pixel;
    }
    frame += frameRow;
  }
  return <usize>((outChannels + 7) & ~7) * (<usize>(taps * channels) << 2);
}
