// The way back through 2x2 max pooling and relu. What the forward pass kept is
// one byte per output: which of the four pixels won (the first of equals), plus
// 64 where relu is flat. Vector constants other than zero are avoided: V8 builds
// them again each time they are used.
import { frameWidth } from "./frame";
import { Geometry } from "./geometry";

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
export function unpool(
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

/** The same for one gradient of the input of `g`, into its frame. */
export function unpoolIntoFrame(g: Geometry, dy: usize, winners: usize, frame: usize): void {
  const pixel = <usize>g.inChannels << 2;
  const columns = frameWidth(g);
  const corner = frame + <usize>(g.padTop * columns + g.padLeft) * pixel;
  unpool(dy, winners, g.inHeight >> 1, g.inWidth >> 1, g.inChannels, corner, pixel, <usize>columns * pixel, 16);
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
