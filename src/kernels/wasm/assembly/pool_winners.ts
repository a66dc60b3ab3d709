// Max pooling of any window that also notes, one byte for each output, which
// pixel of its window won: what the gradient needs instead of the images.
//
// Prediction at 21 GB/s, for 31.5 MB pooled 2x2 to 7.4 MB (batch 128, 31x31, 64
// channels): 40.7 MB with the winners, 1.9 ms; the gradient reads 9.2 MB and
// writes 31.5 MB, 1.9 ms.
import { Geometry, inBytes } from "./geometry";
import { readLanes, writeLanes } from "./lanes";
import { endInside, firstInside } from "./pool";

/** The winner of a window that holds no pixel. */
const none: i32 = 255;

/** Four integers of at most 255 to four bytes, or the first of them to one. */
// @ts-ignore: decorator
@inline
function writeBytes(at: usize, values: v128, wide: bool): void {
  if (wide) {
    const half = i16x8.narrow_i32x4_u(values, values);
    v128.store_lane<u32>(at, i8x16.narrow_i16x8_u(half, half), 0);
  } else {
    store<u8>(at, <u8>i32x4.extract_lane(values, 0));
  }
}

// @ts-ignore: decorator
@inline
function poolLanes(
  corner: usize,
  right: usize,
  down: usize,
  ky0: i32,
  ky1: i32,
  kx0: i32,
  kx1: i32,
  windowWidth: i32,
  out: usize,
  winners: usize,
  wide: bool,
): void {
  if (ky0 >= ky1 || kx0 >= kx1) {
    writeLanes(out, f32x4.splat(-Infinity), wide);
    writeBytes(winners, i32x4.splat(none), wide);
    return;
  }
  let best = readLanes(corner, wide);
  let place = i32x4.splat(ky0 * windowWidth + kx0);
  let row = corner;
  for (let ky = ky0; ky < ky1; ky++) {
    let from = row;
    for (let kx = kx0; kx < kx1; kx++) {
      const value = readLanes(from, wide);
      // A NaN beats all but an earlier NaN.
      const beaten = v128.andnot(f32x4.ne(value, value), f32x4.ne(best, best));
      const wins = v128.or(f32x4.gt(value, best), beaten);
      best = v128.bitselect(value, best, wins);
      place = v128.bitselect(i32x4.splat(ky * windowWidth + kx), place, wins);
      from += right;
    }
    row += down;
  }
  writeLanes(out, best, wide);
  writeBytes(winners, place, wide);
}

/** The first maximum of a 2x2 window inside the image. */
// @ts-ignore: decorator
@inline
function poolFour(corner: usize, right: usize, down: usize, out: usize, winners: usize): void {
  const below = corner + down;
  const v0 = v128.load(corner), v1 = v128.load(corner + right);
  const v2 = v128.load(below), v3 = v128.load(below + right);
  const nan0 = f32x4.ne(v0, v0), nan1 = f32x4.ne(v1, v1);
  const nan2 = f32x4.ne(v2, v2), nan3 = f32x4.ne(v3, v3);
  const any = v128.or(v128.or(nan0, nan1), v128.or(nan2, nan3));
  // `pmax` is one instruction of V8 and `max` about eight, but it may lose a NaN.
  const most = f32x4.pmax(f32x4.pmax(v0, v1), f32x4.pmax(v2, v3));
  v128.store(out, v128.or(most, any));
  // Minus one for each pixel before the winner: the first NaN, or the first maximum.
  const pass0 = v128.andnot(v128.or(f32x4.ne(v0, most), any), nan0);
  const pass1 = v128.and(pass0, v128.andnot(v128.or(f32x4.ne(v1, most), any), nan1));
  const pass2 = v128.and(pass1, v128.andnot(v128.or(f32x4.ne(v2, most), any), nan2));
  writeBytes(winners, i32x4.neg(i32x4.add(i32x4.add(pass0, pass1), pass2)), true);
}

/**
 * The maximum of each window and, one byte each, its place in the window in
 * reading order: the first of equals, and the first NaN where there is one. A
 * window that holds no pixel has -Infinity, and 255 as its place.
 */
export function maxPoolWinners(g: Geometry, x: usize, out: usize, winners: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const windowHeight = g.filterHeight, windowWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  const right = <usize>dilationX * pixel;
  const down = <usize>(dilationY * width) * pixel;
  const imageBytes = inBytes(g);
  const isFour = windowHeight == 2 && windowWidth == 2;
  for (let image = 0; image < batch; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const ky0 = firstInside(y0, dilationY);
      const ky1 = endInside(y0, dilationY, windowHeight, height);
      for (let ox = 0; ox < outWidth; ox++) {
        const x0 = ox * strideX - left;
        const kx0 = firstInside(x0, dilationX);
        const kx1 = endInside(x0, dilationX, windowWidth, width);
        let corner = x + <usize>((y0 + ky0 * dilationY) * width + x0 + kx0 * dilationX) * pixel;
        const isWhole = isFour && ky1 - ky0 == 2 && kx1 - kx0 == 2;
        let c = 0;
        for (; c < vectors; c += 4) {
          if (isWhole) poolFour(corner, right, down, out, winners);
          else poolLanes(corner, right, down, ky0, ky1, kx0, kx1, windowWidth, out, winners, true);
          corner += 16;
          out += 16;
          winners += 4;
        }
        for (; c < channels; c++) {
          poolLanes(corner, right, down, ky0, ky1, kx0, kx1, windowWidth, out, winners, false);
          corner += 4;
          out += 4;
          winners++;
        }
      }
    }
    x += imageBytes;
  }
}

/** Four bytes as integers, or one of them. */
// @ts-ignore: decorator
@inline
function readBytes(at: usize, wide: bool): v128 {
  return wide
    ? i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)))
    : i32x4.splat(<i32>load<u8>(at));
}

// @ts-ignore: decorator
@inline
function spreadLanes(
  dy: usize,
  winners: usize,
  to: usize,
  right: usize,
  down: usize,
  ky0: i32,
  ky1: i32,
  kx0: i32,
  kx1: i32,
  windowWidth: i32,
  overlap: bool,
  wide: bool,
): void {
  const share = readLanes(dy, wide);
  const place = readBytes(winners, wide);
  for (let ky = ky0; ky < ky1; ky++) {
    let target = to;
    for (let kx = kx0; kx < kx1; kx++) {
      const won = i32x4.eq(place, i32x4.splat(ky * windowWidth + kx));
      let value = v128.and(share, won);
      if (overlap) value = f32x4.add(readLanes(target, wide), value);
      writeLanes(target, value, wide);
      target += right;
    }
    to += down;
  }
}

/** The same for a whole 2x2 window that no other overlaps. */
// @ts-ignore: decorator
@inline
function spreadFour(dy: usize, winners: usize, to: usize, right: usize, down: usize): void {
  const share = v128.load(dy);
  // Counted down, so that each comparison is with zero.
  let place = readBytes(winners, true);
  const zero = i32x4.splat(0), minusOne = i32x4.splat(-1);
  v128.store(to, v128.and(share, i32x4.eq(place, zero)));
  place = i32x4.add(place, minusOne);
  v128.store(to + right, v128.and(share, i32x4.eq(place, zero)));
  place = i32x4.add(place, minusOne);
  v128.store(to + down, v128.and(share, i32x4.eq(place, zero)));
  place = i32x4.add(place, minusOne);
  v128.store(to + down + right, v128.and(share, i32x4.eq(place, zero)));
}

/** Zeros in an image below `rows` and right of `columns`. */
function clearRest(image: usize, height: i32, width: i32, rows: i32, columns: i32, pixel: usize): void {
  const row = <usize>width * pixel;
  if (columns < width) {
    let at = image + <usize>columns * pixel;
    for (let i = 0; i < rows; i++) {
      memory.fill(at, 0, <usize>(width - columns) * pixel);
      at += row;
    }
  }
  memory.fill(image + <usize>rows * row, 0, <usize>(height - rows) * row);
}

/**
 * The gradient of max pooling: each window's goes to the pixel that won. Where
 * windows overlap, they are added in reading order.
 */
export function maxPoolWinnersGrad(g: Geometry, dy: usize, winners: usize, dx: usize): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth;
  const windowHeight = g.filterHeight, windowWidth = g.filterWidth;
  const strideY = g.strideHeight, strideX = g.strideWidth;
  const dilationY = g.dilationHeight, dilationX = g.dilationWidth;
  const top = g.padTop, left = g.padLeft;
  const pixel = <usize>channels << 2;
  const vectors = channels & ~3;
  const right = <usize>dilationX * pixel;
  const down = <usize>(dilationY * width) * pixel;
  const imageBytes = inBytes(g);
  const overlap = (windowHeight - 1) * dilationY >= strideY || (windowWidth - 1) * dilationX >= strideX;
  const isFour = windowHeight == 2 && windowWidth == 2 && !overlap;
  // Windows side by side write all pixels but the last rows and columns.
  const tiled = windowHeight == strideY && windowWidth == strideX && dilationY == 1 && dilationX == 1 &&
    top == 0 && left == 0 && outHeight * strideY <= height && outWidth * strideX <= width;
  if (!tiled) memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let image = 0; image < batch; image++) {
    if (tiled) clearRest(dx, height, width, outHeight * strideY, outWidth * strideX, pixel);
    for (let oy = 0; oy < outHeight; oy++) {
      const y0 = oy * strideY - top;
      const ky0 = firstInside(y0, dilationY);
      const ky1 = endInside(y0, dilationY, windowHeight, height);
      for (let ox = 0; ox < outWidth; ox++) {
        const x0 = ox * strideX - left;
        const kx0 = firstInside(x0, dilationX);
        const kx1 = endInside(x0, dilationX, windowWidth, width);
        let to = dx + <usize>((y0 + ky0 * dilationY) * width + x0 + kx0 * dilationX) * pixel;
        let c = 0;
        for (; c < vectors; c += 4) {
          if (isFour && ky1 - ky0 == 2 && kx1 - kx0 == 2) spreadFour(dy, winners, to, right, down);
          else if (overlap) spreadLanes(dy, winners, to, right, down, ky0, ky1, kx0, kx1, windowWidth, true, true);
          else spreadLanes(dy, winners, to, right, down, ky0, ky1, kx0, kx1, windowWidth, false, true);
          to += 16;
          dy += 16;
          winners += 4;
        }
        for (; c < channels; c++) {
          spreadLanes(dy, winners, to, right, down, ky0, ky1, kx0, kx1, windowWidth, overlap, false);
          to += 4;
          dy += 4;
          winners++;
        }
      }
    }
    dx += imageBytes;
  }
}
