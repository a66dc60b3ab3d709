/**
 * `quotient(n, d)`, in WGSL: `n / d` for `n >= 0` and `d > 0`, exactly. The
 * estimate in float32 is off by at most 600 for any 32-bit n (division is within
 * 2.5 ulp: https://www.w3.org/TR/WGSL/#floating-point-accuracy), the second one
 * by 1. Processors and adapters in software divide vectors of integers lane by
 * lane, graphics processors in some 30 instructions.
 */
export const quotientCode = `
fn quotient(n : i32, d : i32) -> i32 {
  let share = 1.0 / f32(d);
  let near = i32(f32(n) * share);
  let nearer = near + i32(f32(n - near * d) * share);
  let rest = n - nearer * d;
  return nearer + select(0, 1, rest >= d) - select(0, 1, rest < 0);
}`;
