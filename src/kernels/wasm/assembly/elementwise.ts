// Products and sums element by element. Every result depends on the elements at
// its own place alone, so it may overwrite either input.
import { reluLanesFrom } from "./lanes";

/** y = x factor, + offset unless that is 0. */
export function scale(x: usize, size: i32, factor: f32, offset: f32, y: usize): void {
  const f = f32x4.splat(factor), o = f32x4.splat(offset);
  const bytes = <usize>size << 2;
  const whole = bytes & ~15;
  // Adding 0 would turn a result of -0 into 0.
  if (offset == 0) {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(y + i, f32x4.mul(v128.load(x + i), f));
    for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) * factor);
  } else {
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(y + i, f32x4.add(f32x4.mul(v128.load(x + i), f), o));
    for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) * factor + offset);
  }
}

/** y = a b. */
export function multiply(a: usize, b: usize, size: i32, y: usize): void {
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(a + i) * load<f32>(b + i));
}

/** y = a + b. */
export function add(a: usize, b: usize, size: i32, y: usize): void {
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(a + i) + load<f32>(b + i));
}

/**
 * y = the greater of a and b, or the smaller; NaN where either is NaN.
 *
 * @param aIsOne Whether a is one number, for all of b; the same for b.
 */
export function extremes(
  a: usize,
  b: usize,
  aIsOne: bool,
  bIsOne: bool,
  smaller: bool,
  size: i32,
  y: usize,
): void {
  const bytes = <usize>size << 2;
  let p = v128.load32_splat(a), q = v128.load32_splat(b);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    if (!aIsOne) p = v128.load(a + i);
    if (!bIsOne) q = v128.load(b + i);
    v128.store(y + i, smaller ? f32x4.min(p, q) : f32x4.max(p, q));
  }
  for (; i < bytes; i += 4) {
    const v = load<f32>(aIsOne ? a : a + i), w = load<f32>(bIsOne ? b : b + i);
    store<f32>(y + i, smaller ? min(v, w) : max(v, w));
  }
}

/** y = -1, 0 or 1: the sign of x, 0 for NaN. */
export function sign(x: usize, size: i32, y: usize): void {
  const zero = f32x4.splat(0), one = f32x4.splat(1), minus = f32x4.splat(-1);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(x + i);
    v128.store(y + i, v128.or(v128.and(f32x4.gt(value, zero), one), v128.and(f32x4.lt(value, zero), minus)));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(x + i);
    store<f32>(y + i, value > 0 ? 1 : value < 0 ? -1 : 0);
  }
}

/** dx = dy where x is at least `least` and at most `most`; 0 elsewhere, NaN too. */
export function clipGrad(dy: usize, x: usize, size: i32, least: f32, most: f32, dx: usize): void {
  const l = f32x4.splat(least), m = f32x4.splat(most);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(x + i);
    const inside = v128.and(f32x4.ge(value, l), f32x4.le(value, m));
    v128.store(dx + i, v128.and(v128.load(dy + i), inside));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(x + i);
    store<f32>(dx + i, value >= least && value <= most ? load<f32>(dy + i) : 0);
  }
}

/** dx = dy y (1 - y): the gradient of the logistic function by its result y. */
export function sigmoidGrad(dy: usize, y: usize, size: i32, dx: usize): void {
  const one = f32x4.splat(1);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), f32x4.mul(value, f32x4.sub(one, value))));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(y + i);
    store<f32>(dx + i, load<f32>(dy + i) * (value * (1 - value)));
  }
}

/** dx = dy (1 - y y): the gradient of the hyperbolic tangent by its result y. */
export function tanhGrad(dy: usize, y: usize, size: i32, dx: usize): void {
  const one = f32x4.splat(1);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(y + i);
    v128.store(dx + i, f32x4.mul(f32x4.sub(one, f32x4.mul(value, value)), v128.load(dy + i)));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(y + i);
    store<f32>(dx + i, (1 - value * value) * load<f32>(dy + i));
  }
}

/** y = x, at least `least` and at most `most`; NaN stays NaN. */
export function clip(x: usize, size: i32, least: f32, most: f32, y: usize): void {
  const bytes = <usize>size << 2;
  // pmax(a, b) is b only if a < b, so that NaN stays; it is one instruction
  // where max has seven. They differ in the sign of zeros, so that a bound of 0
  // is compared.
  // With bounds that are NaN, or other zeros, all is done by the last loop.
  let done: usize = 0;
  const hasMost = most < 0 || most > 0;
  if (hasMost && (least < 0 || least > 0)) done = clipLanes(x, bytes, least, most, y, false);
  else if (hasMost && reinterpret<i32>(least) == 0) done = clipLanes(x, bytes, least, most, y, true);
  for (let i = done; i < bytes; i += 4) store<f32>(y + i, min(max(load<f32>(x + i), least), most));
}

/** Clips in steps of 32 bytes; gives the bytes that are done. */
// @ts-ignore: decorator
@inline
function clipLanes(x: usize, bytes: usize, least: f32, most: f32, y: usize, fromZero: bool): usize {
  const l = f32x4.splat(least), m = f32x4.splat(most);
  const whole = bytes & ~31;
  for (const end = x + whole; x < end; x += 32, y += 32) {
    const first = clipFour(v128.load(x), l, m, fromZero), second = clipFour(v128.load(x, 16), l, m, fromZero);
    v128.store(y, first);
    v128.store(y, second, 16);
  }
  return whole;
}

// @ts-ignore: decorator
@inline
function clipFour(x: v128, least: v128, most: v128, fromZero: bool): v128 {
  return f32x4.pmin(fromZero ? reluLanesFrom(x, least) : f32x4.pmax(x, least), most);
}
