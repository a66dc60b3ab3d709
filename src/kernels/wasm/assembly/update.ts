// Whole updates in one pass over memory, element by element: a result may
// overwrite an input of its own place.
import { reluLanesFrom } from "./lanes";

/**
 * A value between two bounds; NaN stays NaN. One instruction each, where
 * `f32x4.max` takes about eight; the bits are the same unless a bound is zero.
 */
// @ts-ignore: decorator
@inline
function clip(value: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(value, low), high);
}

/** What makes -0 to +0 in a sum if that is what `f32x4.max` would do, and changes nothing otherwise. */
// @ts-ignore: decorator
@inline
function zeroAbove(low: f32): v128 {
  return f32x4.splat(reinterpret<u32>(low) == 0 ? 0 : -0.0);
}

/** A step along the sign of the gradient; none at zero; NaN for NaN. */
// @ts-ignore: decorator
@inline
function along(gradient: v128, step: v128): v128 {
  const zero = f32x4.splat(0);
  const up = v128.and(step, f32x4.gt(gradient, zero));
  const down = v128.and(f32x4.neg(step), f32x4.lt(gradient, zero));
  return v128.or(v128.or(up, down), f32x4.ne(gradient, gradient));
}

// @ts-ignore: decorator
@inline
function linf(current: v128, gradient: v128, original: v128, epsilon: v128, step: v128, low: v128, high: v128, zero: v128): v128 {
  const moved = f32x4.add(current, along(gradient, step));
  const shift = clip(f32x4.sub(moved, original), f32x4.neg(epsilon), epsilon);
  return f32x4.add(clip(f32x4.add(original, shift), low, high), zero);
}

/** One step of an L-infinity attack: move, project onto the ball, clip to [least, most]. */
export function linfStep(
  current: usize,
  gradient: usize,
  original: usize,
  size: i32,
  epsilon: f32,
  stepSize: f32,
  least: f32,
  most: f32,
  out: usize,
): void {
  const radius = f32x4.splat(epsilon);
  const step = f32x4.splat(stepSize);
  const low = f32x4.splat(least), high = f32x4.splat(most), zero = zeroAbove(least);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    v128.store(
      out + i,
      linf(v128.load(current + i), v128.load(gradient + i), v128.load(original + i), radius, step, low, high, zero),
    );
  }
  for (; i < bytes; i += 4) {
    const next = linf(
      v128.load32_zero(current + i),
      v128.load32_zero(gradient + i),
      v128.load32_zero(original + i),
      radius,
      step,
      low,
      high,
      zero,
    );
    store<f32>(out + i, f32x4.extract_lane(next, 0));
  }
}

/** SGD with momentum: g += decay w; v' = momentum v + g; w' = w - rate v'. */
export function sgdStep(
  weight: usize,
  velocity: usize,
  gradient: usize,
  size: i32,
  rate: f32,
  momentum: f32,
  decay: f32,
  outWeight: usize,
  outVelocity: usize,
): void {
  const r = f32x4.splat(rate), m = f32x4.splat(momentum), d = f32x4.splat(decay);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const w = v128.load(weight + i);
    const g = f32x4.add(v128.load(gradient + i), f32x4.mul(d, w));
    const v = f32x4.add(f32x4.mul(m, v128.load(velocity + i)), g);
    v128.store(outVelocity + i, v);
    v128.store(outWeight + i, f32x4.sub(w, f32x4.mul(r, v)));
  }
  for (; i < bytes; i += 4) {
    const w = load<f32>(weight + i);
    const g: f32 = load<f32>(gradient + i) + decay * w;
    const v: f32 = momentum * load<f32>(velocity + i) + g;
    store<f32>(outVelocity + i, v);
    store<f32>(outWeight + i, w - rate * v);
  }
}

/** SGD with Nesterov's momentum: g += decay w; v' = momentum v + g; w' = w - rate (g + momentum v'). */
export function nesterovStep(
  weight: usize,
  velocity: usize,
  gradient: usize,
  size: i32,
  rate: f32,
  momentum: f32,
  decay: f32,
  outWeight: usize,
  outVelocity: usize,
): void {
  const r = f32x4.splat(rate), m = f32x4.splat(momentum), d = f32x4.splat(decay);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const w = v128.load(weight + i);
    const g = f32x4.add(v128.load(gradient + i), f32x4.mul(d, w));
    const v = f32x4.add(f32x4.mul(m, v128.load(velocity + i)), g);
    v128.store(outVelocity + i, v);
    v128.store(outWeight + i, f32x4.sub(w, f32x4.mul(r, f32x4.add(g, f32x4.mul(m, v)))));
  }
  for (; i < bytes; i += 4) {
    const w = load<f32>(weight + i);
    const g: f32 = load<f32>(gradient + i) + decay * w;
    const v: f32 = momentum * load<f32>(velocity + i) + g;
    store<f32>(outVelocity + i, v);
    store<f32>(outWeight + i, w - rate * (g + momentum * v));
  }
}

// @ts-ignore: decorator
@inline
function adamMove(mean: v128, square: v128, rate: v128, root: v128, epsilon: v128): v128 {
  const scale = f32x4.add(f32x4.div(f32x4.sqrt(square), root), epsilon);
  return f32x4.mul(f32x4.div(mean, scale), rate);
}

/**
 * Adam: g += decay w; m' = b1 m + (1 - b1) g; s' = b2 s + (1 - b2) g^2;
 * w' = w - rate m' / (sqrt(s') / root + epsilon).
 */
export function adamStep(
  weight: usize,
  mean: usize,
  square: usize,
  gradient: usize,
  size: i32,
  rate: f32,
  root: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  decay: f32,
  outWeight: usize,
  outMean: usize,
  outSquare: usize,
): void {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1);
  const b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const bytes = <usize>size << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    // The last few are computed one by one, in the first lane.
    const wide = i + 16 <= bytes;
    const end = wide ? i + 4 : bytes;
    for (let j = i; j < end; j += 4) {
      const w = wide ? v128.load(weight + j) : v128.load32_zero(weight + j);
      const g0 = wide ? v128.load(gradient + j) : v128.load32_zero(gradient + j);
      const m0 = wide ? v128.load(mean + j) : v128.load32_zero(mean + j);
      const s0 = wide ? v128.load(square + j) : v128.load32_zero(square + j);
      const g = f32x4.add(g0, f32x4.mul(f32x4.splat(decay), w));
      const m = f32x4.add(f32x4.mul(b1, m0), f32x4.mul(r1, g));
      const s = f32x4.add(f32x4.mul(b2, s0), f32x4.mul(r2, f32x4.mul(g, g)));
      const move = adamMove(m, s, f32x4.splat(rate), f32x4.splat(root), f32x4.splat(epsilon));
      const next = f32x4.sub(w, move);
      if (wide) {
        v128.store(outMean + j, m);
        v128.store(outSquare + j, s);
        v128.store(outWeight + j, next);
      } else {
        store<f32>(outMean + j, f32x4.extract_lane(m, 0));
        store<f32>(outSquare + j, f32x4.extract_lane(s, 0));
        store<f32>(outWeight + j, f32x4.extract_lane(next, 0));
      }
    }
  }
}

/**
 * AdamW: m' = b1 m + (1 - b1) g; s' = b2 s + (1 - b2) g^2;
 * w' = kept w - rate m' / (sqrt(s') / root + epsilon).
 */
export function adamwStep(
  weight: usize,
  mean: usize,
  square: usize,
  gradient: usize,
  size: i32,
  rate: f32,
  root: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
  kept: f32,
  outWeight: usize,
  outMean: usize,
  outSquare: usize,
): void {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1);
  const b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const bytes = <usize>size << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    // The last few are computed one by one, in the first lane.
    const wide = i + 16 <= bytes;
    const end = wide ? i + 4 : bytes;
    for (let j = i; j < end; j += 4) {
      const w = wide ? v128.load(weight + j) : v128.load32_zero(weight + j);
      const g = wide ? v128.load(gradient + j) : v128.load32_zero(gradient + j);
      const m0 = wide ? v128.load(mean + j) : v128.load32_zero(mean + j);
      const s0 = wide ? v128.load(square + j) : v128.load32_zero(square + j);
      const m = f32x4.add(f32x4.mul(b1, m0), f32x4.mul(r1, g));
      const s = f32x4.add(f32x4.mul(b2, s0), f32x4.mul(r2, f32x4.mul(g, g)));
      const move = adamMove(m, s, f32x4.splat(rate), f32x4.splat(root), f32x4.splat(epsilon));
      const next = f32x4.sub(f32x4.mul(f32x4.splat(kept), w), move);
      if (wide) {
        v128.store(outMean + j, m);
        v128.store(outSquare + j, s);
        v128.store(outWeight + j, next);
      } else {
        store<f32>(outMean + j, f32x4.extract_lane(m, 0));
        store<f32>(outSquare + j, f32x4.extract_lane(s, 0));
        store<f32>(outWeight + j, f32x4.extract_lane(next, 0));
      }
    }
  }
}

/** dx = dy where x > 0, else 0; NaN where x is NaN. */
export function reluGrad(dy: usize, x: usize, size: i32, dx: usize): void {
  const bytes = <usize>size << 2;
  const zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(x + i);
    const live = v128.and(v128.load(dy + i), f32x4.gt(value, zero));
    v128.store(dx + i, v128.bitselect(live, value, f32x4.eq(value, value)));
  }
  for (; i < bytes; i += 4) {
    const value = load<f32>(x + i);
    store<f32>(dx + i, value != value ? value : value > 0 ? load<f32>(dy + i) : 0);
  }
}

/** y = max(x, 0), NaN where x is NaN: the official kernel gives 0 there. */
export function relu(x: usize, size: i32, y: usize): void {
  const bytes = <usize>size << 2;
  const end = x + bytes, wholeEnd = x + (bytes & ~31);
  // Zeros, as no size is negative.
  const zero = i32x4.splat(size >> 31);
  for (; x < wholeEnd; x += 32, y += 32) {
    // Both are loaded before the first is stored: V8 does not reorder them.
    const first = reluLanesFrom(v128.load(x), zero), second = reluLanesFrom(v128.load(x, 16), zero);
    v128.store(y, first);
    v128.store(y, second, 16);
  }
  for (; x < end; x += 4, y += 4) store<f32>(y, max<f32>(load<f32>(x), 0));
}
