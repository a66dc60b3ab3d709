// Products and sums element by element. Every result depends on the elements at
// its own place alone, so it may overwrite either input.

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

/** y = x, at least `least` and at most `most`; NaN stays NaN. */
export function clip(x: usize, size: i32, least: f32, most: f32, y: usize): void {
  const l = f32x4.splat(least), m = f32x4.splat(most);
  const bytes = <usize>size << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.min(f32x4.max(v128.load(x + i), l), m));
  for (; i < bytes; i += 4) store<f32>(y + i, min(max(load<f32>(x + i), least), most));
}
