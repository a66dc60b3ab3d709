// Bias, relu and 2x2 max pooling in one pass over the output of a convolution,
// and the way back. What is kept for the gradient is one byte an output: which
// of the four pixels won (the first of equals), plus 64 where relu is flat.
// Vector constants other than zero are avoided: V8 builds them anew each time.
import { convolveFrame } from "./conv";

/** Pools four vectors of four channels into one, and notes the winners. */
// @ts-ignore: decorator
@inline
export function poolWindow(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  bias: usize,
  out: usize,
  winners: usize,
): void {
  const v0 = v128.load(p0), v1 = v128.load(p1), v2 = v128.load(p2), v3 = v128.load(p3);
  const most = f32x4.max(f32x4.max(v0, v1), f32x4.max(v2, v3));
  // Adding the bias keeps order, so it is added once, after the maximum.
  const sum = f32x4.add(most, v128.load(bias));
  v128.store(out, f32x4.max(f32x4.splat(0), sum));
  // Minus one for each pixel passed over before the first that is the most.
  const pass0 = f32x4.ne(v0, most);
  const pass1 = v128.and(pass0, f32x4.ne(v1, most));
  const pass2 = v128.and(pass1, f32x4.ne(v2, most));
  const flat = i32x4.shl(f32x4.le(sum, f32x4.splat(0)), 6);
  const winner = i32x4.neg(i32x4.add(i32x4.add(pass0, pass1), i32x4.add(pass2, flat)));
  const half = i16x8.narrow_i32x4_u(winner, winner);
  v128.store_lane<u32>(winners, i8x16.narrow_i16x8_u(half, half), 0);
}

/** Which of the four pixels won, as four integers. */
// @ts-ignore: decorator
@inline
function loadWinners(at: usize): v128 {
  const bytes = v128.load32_zero(at);
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
}

/**
 * Spreads the gradient of pooled images [height, width, channels] to the
 * pixels that won; the losers get zero.
 *
 * @param pixel Bytes from pixel to pixel of what is written.
 * @param row Bytes from row to row.
 * @param quad Bytes from four channels to the next four.
 */
export function unpoolFrame(
  dy: usize,
  winners: usize,
  height: i32,
  width: i32,
  channels: i32,
  frame: usize,
  pixel: usize,
  row: usize,
  quad: usize,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let to = frame + <usize>(2 * y) * row + <usize>(2 * x) * pixel;
      for (let c = 0; c < channels; c += 4) {
        const share = v128.load(dy);
        // Counted down, so that each comparison is with zero.
        let place = loadWinners(winners);
        const zero = i32x4.splat(0), minusOne = i32x4.splat(-1);
        v128.store(to, v128.and(share, i32x4.eq(place, zero)));
        place = i32x4.add(place, minusOne);
        v128.store(to + pixel, v128.and(share, i32x4.eq(place, zero)));
        place = i32x4.add(place, minusOne);
        v128.store(to + row, v128.and(share, i32x4.eq(place, zero)));
        place = i32x4.add(place, minusOne);
        v128.store(to + row + pixel, v128.and(share, i32x4.eq(place, zero)));
        dy += 16;
        winners += 4;
        to += quad;
      }
    }
  }
}

/**
 * One framed image: convolution of stride 1, bias, relu, pooling.
 *
 * @param rows Room for two rows of outputs.
 */
export function convolveReluPool(
  frame: usize,
  frameWidth: i32,
  channels: i32,
  panels: usize,
  filterHeight: i32,
  filterWidth: i32,
  bias: usize,
  out: usize,
  winners: usize,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  rows: usize,
  offsets: usize,
  tile: usize,
): void {
  const pixel = <usize>outChannels << 2;
  const row = <usize>outWidth * pixel;
  const biasEnd = bias + pixel;
  for (let y = 0; y < outHeight; y += 2) {
    const from = frame + (<usize>(y * frameWidth * channels) << 2);
    convolveFrame(from, frameWidth, channels, panels, 8, filterHeight, filterWidth, 1, 1, 1, 1, rows, 2, outWidth, outChannels, offsets, tile);
    let at = rows;
    for (let x = 0; x < outWidth; x += 2) {
      for (let b = bias; b < biasEnd; b += 16) {
        poolWindow(at, at + pixel, at + row, at + row + pixel, b, out, winners);
        at += 16;
        out += 16;
        winners += 4;
      }
      at += pixel;
    }
  }
}

/** Sums over rows of dy[rows, columns] where relu was not flat. */
export function sumWinners(
  dy: usize,
  winners: usize,
  rows: i32,
  columns: i32,
  out: usize,
): void {
  for (let c = 0; c < columns; c += 4) {
    let total = f32x4.splat(0);
    for (let begin = 0; begin < rows; begin += 256) {
      const end = min(rows, begin + 256);
      let sum = f32x4.splat(0);
      for (let i = begin; i < end; i++) {
        const at = i * columns + c;
        const live = i32x4.eq(i32x4.shr_u(loadWinners(winners + at), 6), i32x4.splat(0));
        sum = f32x4.add(sum, v128.and(v128.load(dy + (<usize>at << 2)), live));
      }
      total = f32x4.add(total, sum);
    }
    v128.store(out + (<usize>c << 2), total);
  }
}
