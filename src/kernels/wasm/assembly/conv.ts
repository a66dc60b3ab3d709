// Convolution where the window is read in place: each image is copied once
// into a frame of zeros, which removes every test at the borders, and the
// inner loop then sums over runs of consecutive floats. Any stride, padding
// and dilation reduces to this; the input gradient does too, as a convolution
// of the output gradient, spread by the stride, with the flipped filter.
import { frameBytes, frameImage, frameWidth } from "./frame";
import { aligned, Geometry, inBytes, outBytes } from "./geometry";
import { microRuns, microRunsNarrow, storeTile } from "./micro";
import { packPanels } from "./pack";
import { unpoolIntoFrame } from "./unpool";

/** Bytes of the scratch tile into which a partial result goes. */
const TILE: usize = 256;

/** Columns of a packed filter: few outputs take tall tiles instead of wide ones. */
// @ts-ignore: decorator
@inline
function panelWidth(g: Geometry): i32 {
  return g.outChannels <= 4 && g.outWidth % 8 == 0 ? 4 : 8;
}

/** Bytes of filters packed into panels of `width` output channels. */
// @ts-ignore: decorator
@inline
export function panelBytes(g: Geometry, width: i32): usize {
  const columns = (g.outChannels + width - 1) / width * width;
  return <usize>(columns * g.filterHeight * g.filterWidth * g.inChannels) << 2;
}

/** Bytes of the list that `listRuns` writes. */
// @ts-ignore: decorator
@inline
export function runsBytes(g: Geometry): usize {
  return <usize>(g.filterHeight * g.filterWidth) << 2;
}

/**
 * Writes the offset in bytes at which each run of a window begins.
 *
 * @returns The count of runs.
 */
export function listRuns(g: Geometry, offsets: usize): i32 {
  const channels = g.inChannels, columns = frameWidth(g);
  const dilationX = g.dilationWidth;
  let runs = 0;
  for (let ky = 0; ky < g.filterHeight; ky++) {
    for (let kx = 0; kx < g.filterWidth; kx++) {
      if (kx > 0 && dilationX == 1) break;
      const at = (ky * g.dilationHeight * columns + kx * dilationX) * channels;
      store<i32>(offsets + (<usize>runs << 2), at << 2);
      runs++;
    }
  }
  return runs;
}

/**
 * Convolves rows of one framed image with packed filters.
 *
 * @param frame The frame from the first of the rows.
 * @param panels Filters packed as `width` output channels by run after run.
 * @param width 8; or 4 if `panelWidth` says so.
 * @param rows Rows of outputs.
 * @param offsets What `listRuns` wrote, `runs` integers.
 * @param tile Scratch of 64 floats.
 */
export function convolveRows(
  g: Geometry,
  frame: usize,
  panels: usize,
  width: i32,
  out: usize,
  rows: i32,
  offsets: usize,
  runs: i32,
  tile: usize,
): void {
  const channels = g.inChannels, outWidth = g.outWidth, outChannels = g.outChannels;
  const taps = g.filterHeight * g.filterWidth;
  const run = taps / runs * channels;
  const panelStep = <usize>(taps * channels) << 5;
  const rowBytes = <usize>outChannels << 2;
  const stepX = <usize>(g.strideWidth * channels) << 2;
  const stepY = <usize>(g.strideHeight * frameWidth(g) * channels) << 2;
  const pixels = rows * outWidth;
  if (width == 4) {
    for (let y = 0; y < rows; y++) {
      let place = frame + <usize>y * stepY;
      for (let x = 0; x < outWidth; x += 8) {
        microRunsNarrow(place, stepX, offsets, runs, run, panels, tile);
        storeTile(tile, 8, outChannels, out, rowBytes, false);
        place += stepX << 3;
        out += rowBytes << 3;
      }
    }
    return;
  }
  let x = 0;
  let row = frame;
  let next = frame;
  for (let i = 0; i < pixels; i += 4) {
    const p0 = next;
    if (++x == outWidth) { x = 0; row += stepY; next = row; } else next += stepX;
    const p1 = i + 1 < pixels ? next : p0;
    if (++x == outWidth) { x = 0; row += stepY; next = row; } else next += stepX;
    const p2 = i + 2 < pixels ? next : p0;
    if (++x == outWidth) { x = 0; row += stepY; next = row; } else next += stepX;
    const p3 = i + 3 < pixels ? next : p0;
    if (++x == outWidth) { x = 0; row += stepY; next = row; } else next += stepX;
    let panel = panels;
    for (let j = 0; j < outChannels; j += 8) {
      const target = out + (<usize>j << 2);
      if (pixels - i >= 4 && outChannels - j >= 8) {
        microRuns(p0, p1, p2, p3, offsets, runs, run, panel, target, rowBytes);
      } else {
        microRuns(p0, p1, p2, p3, offsets, runs, run, panel, tile, 32);
        storeTile(tile, min(4, pixels - i), min(8, outChannels - j), target, rowBytes, false);
      }
      panel += panelStep;
    }
    out += rowBytes << 2;
  }
}

/**
 * Packs filters [height, width, in, out] for `convolveRows`.
 *
 * @param flipped For the input gradient: the filters turned by half a circle,
 * with input and output exchanged; `g` is then that of the gradient.
 */
export function packFilter(g: Geometry, filter: usize, flipped: bool, panels: usize, width: i32): void {
  const taps = g.filterHeight * g.filterWidth, summed = g.inChannels, columns = g.outChannels;
  const depth = taps * summed;
  if (!flipped) {
    packPanels(width, filter, columns, depth, 1, columns, panels, depth);
    return;
  }
  for (let tap = 0; tap < taps; tap++) {
    packPanels(
      width,
      filter + (<usize>((taps - 1 - tap) * columns * summed) << 2),
      columns,
      summed,
      summed,
      1,
      panels + (<usize>(tap * summed * width) << 2),
      depth,
    );
  }
}

/** Bytes of scratch that `convolve` needs. */
export function convolveScratch(g: Geometry): i32 {
  return <i32>(aligned(frameBytes(g)) + aligned(panelBytes(g, panelWidth(g))) + aligned(runsBytes(g)) + TILE);
}

/**
 * Convolves a batch with filters [height, width, in, out].
 *
 * @param source Images, or gradients of outputs if `flipped`.
 * @param winners 0, or the winners of pooling: then `source` is the gradient of
 * the pooled images, spread to full size on the way in.
 * @param flipped For the input gradient: the filters turned by half a circle,
 * with input and output exchanged; `g` is then that of the gradient.
 * @param scratch `convolveScratch` bytes.
 */
export function convolve(
  g: Geometry,
  source: usize,
  winners: usize,
  filter: usize,
  flipped: bool,
  out: usize,
  scratch: usize,
): void {
  const width = panelWidth(g);
  const frame = scratch;
  const panels = frame + aligned(frameBytes(g));
  const offsets = panels + aligned(panelBytes(g, width));
  const tile = offsets + aligned(runsBytes(g));
  const sourceBytes = inBytes(g), resultBytes = outBytes(g);
  packFilter(g, filter, flipped, panels, width);
  const runs = listRuns(g, offsets);
  memory.fill(frame, 0, frameBytes(g));
  for (let image = 0; image < g.batchSize; image++) {
    if (winners == 0) {
      frameImage(g, source, frame);
      source += sourceBytes;
    } else {
      unpoolIntoFrame(g, source, winners, frame);
      source += sourceBytes >> 2;
      winners += sourceBytes >> 4;
    }
    convolveRows(g, frame, panels, width, out, g.outHeight, offsets, runs, tile);
    out += resultBytes;
  }
}
