// Four numbers of neighbouring channels, or one where fewer than four are left.
// `wide` is a constant wherever these are called, so that nothing of it remains
// in the compiled loops.

/** Four numbers, or one in the first lane. */
// @ts-ignore: decorator
@inline
export function readLanes(at: usize, wide: bool): v128 {
  return wide ? v128.load(at) : v128.load32_zero(at);
}

/** The same from an array that may be absent (0), whose numbers are then `absent`. */
// @ts-ignore: decorator
@inline
export function readLanesOr(base: usize, offset: usize, absent: f32, wide: bool): v128 {
  return base == 0 ? f32x4.splat(absent) : readLanes(base + offset, wide);
}

/** Four times a number, by way of memory, so that no compiler takes it for a constant. */
// @ts-ignore: decorator
@inline
export function splatOf(work: usize, value: f32): v128 {
  store<f32>(work, value);
  return v128.load32_splat(work);
}

/** Writes four numbers, or the one in the first lane. */
// @ts-ignore: decorator
@inline
export function writeLanes(at: usize, value: v128, wide: bool): void {
  if (wide) v128.store(at, value);
  else store<f32>(at, f32x4.extract_lane(value, 0));
}

/** The last two of four numbers, as float64. */
// @ts-ignore: decorator
@inline
export function promoteHigh(value: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
}

/** Four float64 numbers in two vectors, rounded to float32. */
// @ts-ignore: decorator
@inline
export function demote(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/**
 * The greater of a value and +0; NaN stays NaN. V8 makes about eight instructions of
 * `f32x4.max`, which orders zeros and NaNs, and one of `pmax`; adding 0 makes
 * -0 to +0, as `max` does.
 */
// @ts-ignore: decorator
@inline
export function reluLanes(value: v128): v128 {
  const zero = f32x4.splat(0);
  return f32x4.add(f32x4.pmax(value, zero), zero);
}

/**
 * As `reluLanes`, with a zero that the compiler does not know: V8 keeps such a
 * vector in a register, where it makes a constant again at every use.
 *
 * @param zero Zeros.
 */
// @ts-ignore: decorator
@inline
export function reluLanesFrom(value: v128, zero: v128): v128 {
  return v128.andnot(value, f32x4.le(value, zero));
}

/** A gradient where relu lets it pass: value > 0; NaN where the value is NaN. */
// @ts-ignore: decorator
@inline
export function passRelu(gradient: v128, value: v128): v128 {
  const live = v128.and(gradient, f32x4.gt(value, f32x4.splat(0)));
  return v128.bitselect(live, value, f32x4.eq(value, value));
}

/**
 * Rows of a block of a matrix: 8 KB of each array. Where a loop over rows takes
 * four columns at a time, blocks keep the other columns in the cache.
 */
// @ts-ignore: decorator
@inline
export function blockRows(columns: i32): i32 {
  return max(1, 2048 / max(1, columns));
}
