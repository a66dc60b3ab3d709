// The filter gradient of a convolution, image by image: windows are packed by
// 128 pixels and multiplied with the output gradients.
import { listRuns, runsBytes } from "./conv";
import { frameBytes, frameImage, frameWidth } from "./frame";
import { multiplyPanels } from "./gemm";
import { aligned, Geometry, inBytes, outBytes } from "./geometry";
import { packPanels } from "./pack";
import { unpool } from "./unpool";

/** Pixels summed at once. */
const CHUNK: i32 = 128;

/** Packs the windows of consecutive pixels into panels of 4 filter entries. */
function packWindows(
  g: Geometry,
  frame: usize,
  begin: i32,
  count: i32,
  offsets: usize,
  runs: i32,
  run: i32,
  line: usize,
  panels: usize,
): void {
  const channels = g.inChannels, columns = frameWidth(g), outWidth = g.outWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const entries = runs * run;
  const panelBytes = <usize>count << 4;
  let y = begin / outWidth;
  let x = begin - y * outWidth;
  for (let i = 0; i < count; i++) {
    const place = frame + (<usize>((y * strideY * columns + x * strideX) * channels) << 2);
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

/** Bytes of scratch that packed windows and outputs need. */
// @ts-ignore: decorator
@inline
function chunkBytes(entries: i32, outChannels: i32): usize {
  return <usize>((entries + 8) + CHUNK * (((entries + 3) & ~3) + ((outChannels + 7) & ~7)) + 32) << 2;
}

/** Bytes of scratch that `filterGradient` needs; more if `dy` is pooled. */
export function filterGradientScratch(g: Geometry, pooled: bool): i32 {
  const entries = g.filterHeight * g.filterWidth * g.inChannels;
  return <i32>(
    aligned(frameBytes(g)) + aligned(runsBytes(g)) + aligned(chunkBytes(entries, g.outChannels)) +
    (pooled ? outBytes(g) : 0)
  );
}

/**
 * dL/dW [height, width, in, out] of a convolution.
 *
 * @param winners 0, or the winners of pooling: then `dy` is the gradient of the
 * pooled images, spread to full size first.
 * @param scratch `filterGradientScratch` bytes.
 */
export function filterGradient(
  g: Geometry,
  x: usize,
  dy: usize,
  winners: usize,
  dw: usize,
  scratch: usize,
): void {
  const entries = g.filterHeight * g.filterWidth * g.inChannels;
  const frame = scratch;
  const offsets = frame + aligned(frameBytes(g));
  const chunk = offsets + aligned(runsBytes(g));
  const unpooled = chunk + aligned(chunkBytes(entries, g.outChannels));
  const imageBytes = inBytes(g), gradientBytes = outBytes(g);
  const runs = listRuns(g, offsets);
  memory.fill(dw, 0, <usize>(entries * g.outChannels) << 2);
  memory.fill(frame, 0, frameBytes(g));
  for (let image = 0; image < g.batchSize; image++) {
    frameImage(g, x, frame);
    x += imageBytes;
    if (winners == 0) {
      addImage(g, frame, dy, dw, offsets, runs, chunk);
      dy += gradientBytes;
    } else {
      const pixel = <usize>g.outChannels << 2;
      unpool(dy, winners, g.outHeight >> 1, g.outWidth >> 1, g.outChannels, unpooled, pixel, <usize>g.outWidth * pixel, 16);
      addImage(g, frame, unpooled, dw, offsets, runs, chunk);
      dy += gradientBytes >> 2;
      winners += gradientBytes >> 4;
    }
  }
}

/** Adds the share of one framed image to dw[entries, outChannels]. */
function addImage(
  g: Geometry,
  frame: usize,
  dy: usize,
  dw: usize,
  offsets: usize,
  runs: i32,
  chunk: usize,
): void {
  const outChannels = g.outChannels;
  const entries = g.filterHeight * g.filterWidth * g.inChannels;
  const run = entries / runs;
  const tile = chunk;
  const line = tile + 128;
  const windows = line + (<usize>(entries + 8) << 2);
  const outputs = windows + (<usize>(CHUNK * ((entries + 3) & ~3)) << 2);
  const pixels = g.outHeight * g.outWidth;
  for (let begin = 0; begin < pixels; begin += CHUNK) {
    const count = min(CHUNK, pixels - begin);
    packWindows(g, frame, begin, count, offsets, runs, run, line, windows);
    packPanels(8, dy + (<usize>(begin * outChannels) << 2), outChannels, count, 1, outChannels, outputs, count);
    multiplyPanels(windows, outputs, entries, outChannels, count, dw, <usize>outChannels << 2, true, tile);
  }
}
