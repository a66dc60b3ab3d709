/** Adds a bias to each row in place, then clamps below at 0 and above at `most`. */
export function addBias(
  y: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  clamp: bool,
  most: f32,
): void {
  const low = f32x4.splat(0);
  const high = f32x4.splat(most);
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const at = y + (<usize>j << 2);
      let v = v128.load(at);
      if (bias != 0) v = f32x4.add(v, v128.load(bias + (<usize>j << 2)));
      if (clamp) v = f32x4.min(high, f32x4.max(low, v));
      v128.store(at, v);
    }
    for (; j < columns; j++) {
      const at = y + (<usize>j << 2);
      let v = load<f32>(at);
      if (bias != 0) v += load<f32>(bias + (<usize>j << 2));
      if (clamp) v = min(most, max<f32>(0, v));
      store<f32>(at, v);
    }
    y += <usize>columns << 2;
  }
}
