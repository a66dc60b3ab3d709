/** tanh of two float64 numbers, to about 1e-11 of its value. */
// @ts-ignore: decorator
@inline
function tanhPair(x: v128): v128 {
  const one = f64x2.splat(1);
  const size = f64x2.abs(x);
  // tanh is 1 in float32 far below 20. NaN stays NaN.
  const t = f64x2.neg(f64x2.pmin(f64x2.add(size, size), f64x2.splat(40)));
  // e^t = 2^n e^r, |r| <= ln 2 / 2. ln 2 in two parts, so that n times the first is exact.
  const n = f64x2.nearest(f64x2.mul(t, f64x2.splat(1.4426950408889634)));
  const r = f64x2.sub(
    f64x2.sub(t, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1))),
    f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)),
  );
  // The series to r^9 / 9!: the next term is 7e-12.
  let sum = f64x2.add(one, f64x2.mul(r, f64x2.splat(1.0 / 9)));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 8))));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 7))));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 6))));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 5))));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 4))));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 3))));
  sum = f64x2.add(one, f64x2.mul(sum, f64x2.mul(r, f64x2.splat(1.0 / 2))));
  sum = f64x2.add(one, f64x2.mul(sum, r));
  // 1.5 * 2^52 leaves n in the low bits.
  const bits = f64x2.add(n, f64x2.splat(6755399441055744));
  const power = i64x2.shl(i64x2.add(bits, i64x2.splat(1023)), 52);
  const e = f64x2.mul(sum, power);
  const y = f64x2.div(f64x2.sub(one, e), f64x2.add(one, e));
  // Below 1e-5 it is x, but for 3e-11 of it.
  const isSmall = f64x2.lt(size, f64x2.splat(1e-5));
  const signed = v128.or(y, v128.xor(x, size));
  return v128.bitselect(x, signed, isSmall);
}

/** y = tanh x, to half a unit in the last place of float32 and 1e-4 of one. */
export function tanh(x: usize, size: i32, y: usize): void {
  const end = x + (<usize>size << 2);
  for (; x < end; x += 8, y += 8) {
    const isLast = x + 8 > end;
    const value = isLast ? v128.load32_zero(x) : v128.load64_zero(x);
    const result = f32x4.demote_f64x2_zero(tanhPair(f64x2.promote_low_f32x4(value)));
    if (isLast) v128.store32_lane(y, result, 0);
    else v128.store64_lane(y, result, 0);
  }
}
