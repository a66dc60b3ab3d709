// Bias, relu and 2x2 max pooling in one pass over the output of a convolution.
// What is kept for the gradient is described in `unpool.ts`.
import { convolveRows, listRuns, packFilter, panelBytes, runsBytes } from "./conv";
import { frameBytes, frameImage, frameWidth } from "./frame";
import { aligned, Geometry, inBytes } from "./geometry";
import { reluLanes } from "./lanes";

/** Pools four vectors of four channels into one, and notes the winners. */
// @ts-ignore: decorator
@inline
export function poolWindow(
  v0: v128,
  v1: v128,
  v2: v128,
  v3: v128,
  bias: usize,
  out: usize,
  winners: usize,
): void {
  // `pmax` is one instruction of V8 and `max` about eight. It keeps a NaN on its
  // left and loses one on its right, so those are put back.
  const right = f32x4.pmax(v2, v3);
  const lost = v128.or(v128.or(f32x4.ne(v1, v1), f32x4.ne(v3, v3)), f32x4.ne(right, right));
  const most = v128.or(f32x4.pmax(f32x4.pmax(v0, v1), right), lost);
  // Adding the bias keeps order, so it is added once, after the maximum.
  const sum = f32x4.add(most, v128.load(bias));
  v128.store(out, reluLanes(sum));
  // Minus one for each pixel before the first maximum.
  const pass0 = f32x4.ne(v0, most);
  const pass1 = v128.and(pass0, f32x4.ne(v1, most));
  const pass2 = v128.and(pass1, f32x4.ne(v2, most));
  const flat = i32x4.shl(f32x4.le(sum, f32x4.splat(0)), 6);
  const winner = i32x4.neg(i32x4.add(i32x4.add(pass0, pass1), i32x4.add(pass2, flat)));
  const half = i16x8.narrow_i32x4_u(winner, winner);
  v128.store_lane<u32>(winners, i8x16.narrow_i16x8_u(half, half), 0);
}

/** Bytes of scratch that `convolveReluPool` needs. */
export function convolveReluPoolScratch(g: Geometry): i32 {
  return <i32>(
    aligned(frameBytes(g)) + aligned(panelBytes(g, 8)) + aligned(rowsBytes(g)) + aligned(runsBytes(g)) + 256
  );
}

/** Bytes of two rows of outputs. */
// @ts-ignore: decorator
@inline
function rowsBytes(g: Geometry): usize {
  return <usize>(2 * g.outWidth * g.outChannels) << 2;
}

/**
 * Convolution, bias, relu and 2x2 max pooling of a batch, two rows of outputs
 * at a time, pooled while they are in the cache.
 *
 * @param winners Where the winners of pooling go, one byte per output.
 * @param scratch `convolveReluPoolScratch` bytes.
 */
export function convolveReluPool(
  g: Geometry,
  source: usize,
  filter: usize,
  bias: usize,
  out: usize,
  winners: usize,
  scratch: usize,
): void {
  const frame = scratch;
  const panels = frame + aligned(frameBytes(g));
  const rows = panels + aligned(panelBytes(g, 8));
  const offsets = rows + aligned(rowsBytes(g));
  const tile = offsets + aligned(runsBytes(g));
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const pixel = <usize>g.outChannels << 2;
  const row = <usize>outWidth * pixel;
  const biasEnd = bias + pixel;
  const frameRow = <usize>(frameWidth(g) * g.inChannels) << 2;
  const imageBytes = inBytes(g);
  packFilter(g, filter, false, panels, 8);
  const runs = listRuns(g, offsets);
  memory.fill(frame, 0, frameBytes(g));
  for (let image = 0; image < g.batchSize; image++) {
    frameImage(g, source, frame);
    source += imageBytes;
    for (let y = 0; y < outHeight; y += 2) {
      convolveRows(g, frame + <usize>y * frameRow, panels, 8, rows, 2, offsets, runs, tile);
      let at = rows;
      for (let x = 0; x < outWidth; x += 2) {
        for (let b = bias; b < biasEnd; b += 16) {
          const below = at + row;
          poolWindow(
            v128.load(at),
            v128.load(at + pixel),
            v128.load(below),
            v128.load(below + pixel),
            b,
            out,
            winners,
          );
          at += 16;
          out += 16;
          winners += 4;
        }
        at += pixel;
      }
    }
  }
}
