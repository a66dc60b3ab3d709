// Convolution where the window is read in place: each image is copied once
// into a frame of zeros, which spares every test at the borders, and the
// inner loop then sums over runs of consecutive floats. Any stride, padding
// and dilation comes to this; the input gradient does too, as a convolution
// of the output gradient, spread by the stride, with the flipped filter.
import { microRuns, microRunsNarrow, storeTile } from "./micro";
import { multiplyPanels } from "./gemm";
import { packPanels } from "./pack";

/** Pixels summed at once in a filter gradient. */
const CHUNK: i32 = 128;

/** Writes where each run of a window begins; returns how many there are. */
function listRuns(
  offsets: usize,
  filterHeight: i32,
  filterWidth: i32,
  channels: i32,
  frameWidth: i32,
  dilationY: i32,
  dilationX: i32,
): i32 {
  let runs = 0;
  for (let ky = 0; ky < filterHeight; ky++) {
    for (let kx = 0; kx < filterWidth; kx++) {
      if (kx > 0 && dilationX == 1) break;
      const at = (ky * dilationY * frameWidth + kx * dilationX) * channels;
      store<i32>(offsets + (<usize>runs << 2), at << 2);
      runs++;
    }
  }
  return runs;
}

/**
 * One image, already framed, convolved with packed filters.
 *
 * @param panels Filters packed as `panelWidth` output channels by run after run.
 * @param panelWidth 8; or 4 if `outChannels <= 4` and `outWidth` is a multiple
 * of 8, for which tiles are tall instead of broad.
 * @param offsets Room for `filterHeight * filterWidth` integers.
 * @param tile Room for 64 floats.
 */
export function convolveFrame(
  frame: usize,
  frameWidth: i32,
  channels: i32,
  panels: usize,
  panelWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  dilationY: i32,
  dilationX: i32,
  strideY: i32,
  strideX: i32,
  out: usize,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  offsets: usize,
  tile: usize,
): void {
  const runs = listRuns(offsets, filterHeight, filterWidth, channels, frameWidth, dilationY, dilationX);
  const taps = filterHeight * filterWidth;
  const run = taps / runs * channels;
  const panelBytes = <usize>(taps * channels) << 5;
  const rowBytes = <usize>outChannels << 2;
  const stepX = <usize>(strideX * channels) << 2;
  const stepY = <usize>(strideY * frameWidth * channels) << 2;
  const pixels = outHeight * outWidth;
  if (panelWidth == 4) {
    for (let y = 0; y < outHeight; y++) {
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
      panel += panelBytes;
    }
    out += rowBytes << 2;
  }
}

/** Packs filters [taps, channels, outChannels] for `convolveFrame`. */
export function packFilter(
  filter: usize,
  taps: i32,
  channels: i32,
  outChannels: i32,
  panels: usize,
  panelWidth: i32,
): void {
  const depth = taps * channels;
  packPanels(panelWidth, filter, outChannels, depth, 1, outChannels, panels, depth);
}

/**
 * Packs the same filters turned by half a circle and with input and output
 * exchanged: what the input gradient convolves with.
 */
export function packFilterFlipped(
  filter: usize,
  taps: i32,
  channels: i32,
  outChannels: i32,
  panels: usize,
  panelWidth: i32,
): void {
  const depth = taps * outChannels;
  for (let tap = 0; tap < taps; tap++) {
    packPanels(
      panelWidth,
      filter + (<usize>((taps - 1 - tap) * channels * outChannels) << 2),
      channels,
      outChannels,
      outChannels,
      1,
      panels + (<usize>(tap * outChannels * panelWidth) << 2),
      depth,
    );
  }
}

/** Packs the windows of consecutive pixels into panels of 4 filter entries. */
function packWindows(
  frame: usize,
  frameWidth: i32,
  channels: i32,
  strideY: i32,
  strideX: i32,
  outWidth: i32,
  begin: i32,
  count: i32,
  offsets: usize,
  runs: i32,
  run: i32,
  line: usize,
  panels: usize,
): void {
  const entries = runs * run;
  const panelBytes = <usize>count << 4;
  let y = begin / outWidth;
  let x = begin - y * outWidth;
  for (let i = 0; i < count; i++) {
    const place = frame + (<usize>((y * strideY * frameWidth + x * strideX) * channels) << 2);
    let to = line;
    for (let r = 0; r < runs; r++) {
      // Copies by fours and overruns; the next run overwrites the surplus.
      let from = place + <usize>load<u32>(offsets + (<usize>r << 2));
      let target = to;
      for (let c = 0; c < run; c += 4) {
        v128.store(target, v128.load(from));
        from += 16;
        target += 16;
      }
      to += <usize>run << 2;
    }
    v128.store(to, f32x4.splat(0));
    let panel = panels + (<usize>i << 4);
    let from = line;
    for (let e = 0; e < entries; e += 4) {
      v128.store(panel, v128.load(from));
      panel += panelBytes;
      from += 16;
    }
    if (++x == outWidth) { x = 0; y++; }
  }
}

/** Floats of scratch for `addFilterGradient`, beside frame and offsets. */
export function filterGradientScratch(entries: i32, outChannels: i32): i32 {
  return (entries + 8) + CHUNK * (((entries + 3) & ~3) + ((outChannels + 7) & ~7)) + 32;
}

/** Adds one framed image's share to dw[entries, outChannels]. */
export function addFilterGradient(
  frame: usize,
  frameWidth: i32,
  channels: i32,
  filterHeight: i32,
  filterWidth: i32,
  dilationY: i32,
  dilationX: i32,
  strideY: i32,
  strideX: i32,
  dy: usize,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  dw: usize,
  offsets: usize,
  scratch: usize,
): void {
  const runs = listRuns(offsets, filterHeight, filterWidth, channels, frameWidth, dilationY, dilationX);
  const entries = filterHeight * filterWidth * channels;
  const run = entries / runs;
  const tile = scratch;
  const line = tile + 128;
  const windows = line + (<usize>(entries + 8) << 2);
  const outputs = windows + (<usize>(CHUNK * ((entries + 3) & ~3)) << 2);
  const pixels = outHeight * outWidth;
  for (let begin = 0; begin < pixels; begin += CHUNK) {
    const count = min(CHUNK, pixels - begin);
    packWindows(frame, frameWidth, channels, strideY, strideX, outWidth, begin, count, offsets, runs, run, line, windows);
    packPanels(8, dy + (<usize>(begin * outChannels) << 2), outChannels, count, 1, outChannels, outputs, count);
    multiplyPanels(windows, outputs, entries, outChannels, count, dw, <usize>outChannels << 2, true, tile);
  }
}
