// The peak rate of the machine: multiplies and adds in registers, with nothing
// loaded or stored. Not part of the kernels; the benchmarks compile it.

/** Computes 8 multiplies and 10 adds of four lanes (72 operations) `rounds` times. */
export function peak(rounds: i32, x: f32, y: f32, z: f32): f32 {
  const v0 = f32x4.splat(x), v1 = f32x4.splat(y), v2 = f32x4.splat(z);
  const step = f32x4.splat(x * y);
  let u0 = f32x4.splat(1), u1 = f32x4.splat(2);
  let a = step, b = step, c = step, d = step;
  let e = step, f = step, g = step, h = step;
  for (let n = 0; n < rounds; n++) {
    // No chain is longer than one add, and no product is the same twice.
    u0 = f32x4.add(u0, step);
    u1 = f32x4.add(u1, step);
    a = f32x4.add(a, f32x4.mul(u0, v0));
    b = f32x4.add(b, f32x4.mul(u0, v1));
    c = f32x4.add(c, f32x4.mul(u0, v2));
    d = f32x4.add(d, f32x4.mul(u0, u1));
    e = f32x4.add(e, f32x4.mul(u1, v0));
    f = f32x4.add(f, f32x4.mul(u1, v1));
    g = f32x4.add(g, f32x4.mul(u1, v2));
    h = f32x4.add(h, f32x4.mul(u1, u1));
  }
  const ab = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  const ef = f32x4.add(f32x4.add(e, f), f32x4.add(g, h));
  return f32x4.extract_lane(f32x4.add(ab, ef), 0);
}
