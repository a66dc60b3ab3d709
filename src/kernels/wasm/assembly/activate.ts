// Prediction at 21 GB/s: 16.8 MB are read and written (batch 128, 32x32, 16
// channels), 0.8 ms.
import { blockRows, readLanes, readLanesOr, reluLanes, writeLanes } from "./lanes";

// @ts-ignore: decorator
@inline
function addBiasLanes(
  x: usize,
  rows: i32,
  row: usize,
  bias: v128,
  high: v128,
  clamp: bool,
  y: usize,
  wide: bool,
): void {
  for (let i = 0; i < rows; i++) {
    let value = f32x4.add(readLanes(x, wide), bias);
    if (clamp) value = f32x4.pmin(reluLanes(value), high);
    writeLanes(y, value, wide);
    x += row;
    y += row;
  }
}

/**
 * y = x plus a bias for each column, clamped below at 0 and above at `most`. y
 * may be x.
 *
 * @param bias 0 for none.
 */
export function addBias(
  x: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  clamp: bool,
  most: f32,
  y: usize,
): void {
  const high = f32x4.splat(most);
  const row = <usize>columns << 2;
  const vectors = <usize>(columns & ~3) << 2;
  const block = blockRows(columns);
  for (let begin = 0; begin < rows; begin += block) {
    const count = min(block, rows - begin);
    const first = <usize>begin * row;
    for (let at: usize = 0; at < vectors; at += 16) {
      const b = readLanesOr(bias, at, 0, true);
      if (clamp) addBiasLanes(x + first + at, count, row, b, high, true, y + first + at, true);
      else addBiasLanes(x + first + at, count, row, b, high, false, y + first + at, true);
    }
    for (let at = vectors; at < row; at += 4) {
      const b = readLanesOr(bias, at, 0, false);
      addBiasLanes(x + first + at, count, row, b, high, clamp, y + first + at, false);
    }
  }
}
