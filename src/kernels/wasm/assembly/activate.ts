/**
 * y = x plus a bias for each column, clamped below at 0 and above at `most`. y
 * may be x.
 *
 * @param bias 0 for none.
 */
export function addBias(
  x: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  clamp: bool,
  most: f32,
  y: usize,
): void {
  const low = f32x4.splat(0);
  const high = f32x4.splat(most);
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const at = <usize>j << 2;
      let v = v128.load(x + at);
      if (bias != 0) v = f32x4.add(v, v128.load(bias + at));
      if (clamp) v = f32x4.min(high, f32x4.max(low, v));
      v128.store(y + at, v);
    }
    for (; j < columns; j++) {
      const at = <usize>j << 2;
      let v = load<f32>(x + at);
      if (bias != 0) v += load<f32>(bias + at);
      if (clamp) v = min(most, max<f32>(0, v));
      store<f32>(y + at, v);
    }
    x += <usize>columns << 2;
    y += <usize>columns << 2;
  }
}
