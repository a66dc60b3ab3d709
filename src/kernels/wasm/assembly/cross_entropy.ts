// Softmax cross-entropy. exp and log are our own, in float64 and without
// tables: those of an engine may differ in the last bit, and a table would need
// memory that belongs to the backend. Both are accurate to about 1e-15.

/** e^x for x <= 0; NaN stays NaN. */
function exp(x: f64): f64 {
  if (x != x) return x;
  if (x < -708) return 0;
  const n = nearest(x * 1.4426950408889634);
  // ln 2 in two parts, so that n times the first is exact.
  const r = (x - n * 6.93147180369123816490e-1) - n * 1.90821492927058770002e-10;
  let sum: f64 = 1;
  for (let i = 14; i > 0; i--) sum = 1 + sum * r / <f64>i;
  return sum * reinterpret<f64>((<i64>n + 1023) << 52);
}

/** ln x for finite x >= 1, by ln m = 2 artanh((m - 1) / (m + 1)). */
function log(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  const n = <f64>((bits >> 52) - 1023);
  const m = reinterpret<f64>(bits & 0xfffffffffffff | 0x3ff0000000000000);
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let sum: f64 = 0;
  for (let i = 33; i > 0; i -= 2) sum = sum * square + 1 / <f64>i;
  return n * 0.6931471805599453 + 2 * s * sum;
}

/**
 * For each row: loss = sum of labels * (ln sum exp logits - logits), and its
 * gradient for the logits, softmax * sum of labels - labels.
 *
 * @param work Scratch for `columns` float64 numbers.
 */
export function crossEntropy(
  logits: usize,
  labels: usize,
  rows: i32,
  columns: i32,
  losses: usize,
  gradients: usize,
  work: usize,
): void {
  for (let i = 0; i < rows; i++) {
    let most: f64 = -Infinity;
    for (let c: usize = 0; c < <usize>columns; c++) {
      most = max(most, <f64>load<f32>(logits + (c << 2)));
    }
    let sum: f64 = 0;
    for (let c: usize = 0; c < <usize>columns; c++) {
      const value = exp(<f64>load<f32>(logits + (c << 2)) - most);
      store<f64>(work + (c << 3), value);
      sum += value;
    }
    const normaliser = sum != sum ? sum : log(sum);
    let loss: f64 = 0;
    let mass: f64 = 0;
    for (let c: usize = 0; c < <usize>columns; c++) {
      const label = <f64>load<f32>(labels + (c << 2));
      mass += label;
      // A class of weight 0 contributes nothing, however unlikely it is.
      if (label != 0) {
        loss += label * (normaliser - (<f64>load<f32>(logits + (c << 2)) - most));
      }
    }
    store<f32>(losses, <f32>(sum != sum ? sum : loss));
    for (let c: usize = 0; c < <usize>columns; c++) {
      const share = load<f64>(work + (c << 3)) / sum;
      const label = <f64>load<f32>(labels + (c << 2));
      store<f32>(gradients + (c << 2), <f32>(share * mass - label));
    }
    const bytes = <usize>columns << 2;
    logits += bytes;
    labels += bytes;
    gradients += bytes;
    losses += 4;
  }
}
