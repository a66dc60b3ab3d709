// Sums of many numbers are float64, which costs no more than the loads.

/** out[columns] = sum over rows of x[rows, columns], rows in order, over `divisor`. */
export function sumRows(x: usize, rows: i32, columns: i32, divisor: f64, out: usize): void {
  const row = <usize>columns << 2;
  const d = f64x2.splat(divisor);
  let c = 0;
  for (; c + 8 <= columns; c += 8) {
    let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let at = x + (<usize>c << 2);
    for (let i = 0; i < rows; i++) {
      const a = v128.load(at), b = v128.load(at, 16);
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
      s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 0)));
      s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
      s3 = f64x2.add(s3, f64x2.promote_low_f32x4(v128.shuffle<i64>(b, b, 1, 0)));
      at += row;
    }
    const to = out + (<usize>c << 2);
    v128.store(to, v128.shuffle<i64>(quotient(s0, d), quotient(s1, d), 0, 2));
    v128.store(to, v128.shuffle<i64>(quotient(s2, d), quotient(s3, d), 0, 2), 16);
  }
  for (; c < columns; c++) {
    let sum: f64 = 0;
    let at = x + (<usize>c << 2);
    for (let i = 0; i < rows; i++) {
      sum += <f64>load<f32>(at);
      at += row;
    }
    store<f32>(out + (<usize>c << 2), <f32>(sum / divisor));
  }
}

// @ts-ignore: decorator
@inline
function quotient(sum: v128, divisor: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.div(sum, divisor));
}

/**
 * out[rows] = sum of each row of x[rows, columns], by four interleaved sums, over
 * `divisor`.
 */
export function sumColumns(x: usize, rows: i32, columns: i32, divisor: f64, out: usize): void {
  for (let i = 0; i < rows; i++) {
    let s0 = f64x2.splat(0), s1 = s0;
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const a = v128.load(x);
      s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
      s1 = f64x2.add(s1, f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 0)));
      x += 16;
    }
    s0 = f64x2.add(s0, s1);
    let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
    for (; c < columns; c++) {
      sum += <f64>load<f32>(x);
      x += 4;
    }
    store<f32>(out + (<usize>i << 2), <f32>(sum / divisor));
  }
}

/**
 * The mean of all, NaN if there is none. Summed in float32 in order, as the
 * official kernel does, so that both give the same bits.
 */
export function mean(x: usize, size: i32, out: usize): void {
  let sum: f32 = 0;
  const end = x + (<usize>size << 2);
  for (; x < end; x += 4) sum += load<f32>(x);
  store<f32>(out, sum / <f32>size);
}

/** How many rows of x[rows, columns] are all zeros, of either sign. */
export function countZeroRows(x: usize, rows: i32, columns: i32, out: usize): void {
  let count: f32 = 0;
  const row = <usize>columns << 2;
  for (let i = 0; i < rows; i++) {
    const end = x + row;
    let at = x;
    while (at < end && load<f32>(at) == 0) at += 4;
    if (at == end) count++;
    x = end;
  }
  store<f32>(out, count);
}
