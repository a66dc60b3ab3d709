// Batch normalisation of x[rows, channels]. Each channel is summed in float64,
// rows in order, whatever the block size: blocks only keep what is read in the
// cache, since four channels at a time are a part of a cache line.
//
// Predictions at 21 GB/s and 3 GHz, for x of 8.4 MB (batch 128, 32x32, 16
// channels), one core: moments read 8.4 MB, 0.4 ms, but took 15 instructions for
// four numbers with all sums in float64, 0.8 ms; normalise reads and writes 16.8 MB, 0.8 ms; the sums read
// 16.8 MB, 0.8 ms, but took 26 instructions, 1.2 ms; the input gradient reads and
// writes 25.2 MB, 1.2 ms.
import { blockRows, passRelu, promoteHigh, readLanes, readLanesOr, reluLanes, writeLanes } from "./lanes";

/** Adds the first and second powers of up to four channels to their sums. */
// @ts-ignore: decorator
@inline
function addPowers(x: usize, rows: i32, row: usize, sums: usize, squares: usize, wide: bool): void {
  let s0 = v128.load(sums), s1 = wide ? v128.load(sums, 16) : s0;
  let q0 = v128.load(squares), q1 = wide ? v128.load(squares, 16) : q0;
  for (let i = 0; i < rows; i++) {
    const value = readLanes(x, wide);
    const low = f64x2.promote_low_f32x4(value);
    s0 = f64x2.add(s0, low);
    q0 = f64x2.add(q0, f64x2.mul(low, low));
    if (wide) {
      const high = promoteHigh(value);
      s1 = f64x2.add(s1, high);
      q1 = f64x2.add(q1, f64x2.mul(high, high));
    }
    x += row;
  }
  storeSums(sums, s0, s1, wide);
  storeSums(squares, q0, q1, wide);
}

// @ts-ignore: decorator
@inline
function storeSums(at: usize, low: v128, high: v128, wide: bool): void {
  if (wide) {
    v128.store(at, low);
    v128.store(at, high, 16);
  } else {
    store<f64>(at, f64x2.extract_lane(low, 0));
  }
}

/**
 * Mean and biased variance of each channel; zeros if there are no rows.
 * float64 sums of squares lose nothing that float32 numbers have: the error of
 * the variance is 1e-16 of the square of the mean.
 *
 * @param work Scratch for `2 channels + 1` float64 numbers.
 */
export function moments(
  x: usize,
  rows: i32,
  channels: i32,
  mean: usize,
  variance: usize,
  work: usize,
): void {
  const row = <usize>channels << 2;
  const squares = work + (<usize>channels << 3);
  memory.fill(work, 0, (<usize>channels << 4) + 8);
  const block = blockRows(channels);
  for (let begin = 0; begin < rows; begin += block) {
    const count = min(block, rows - begin);
    const from = x + <usize>begin * row;
    let c: usize = 0;
    for (; c + 4 <= <usize>channels; c += 4) {
      addPowers(from + (c << 2), count, row, work + (c << 3), squares + (c << 3), true);
    }
    for (; c < <usize>channels; c++) {
      addPowers(from + (c << 2), count, row, work + (c << 3), squares + (c << 3), false);
    }
  }
  const count = <f64>max(1, rows);
  for (let c: usize = 0; c < <usize>channels; c++) {
    const average = load<f64>(work + (c << 3)) / count;
    const spread = load<f64>(squares + (c << 3)) / count - average * average;
    store<f32>(mean + (c << 2), <f32>average);
    store<f32>(variance + (c << 2), <f32>max<f64>(0, spread));
  }
}

/** Running statistics: (1 - momentum) running + momentum factor value. */
export function moveAverage(
  running: usize,
  value: usize,
  size: i32,
  momentum: f64,
  factor: f64,
  out: usize,
): void {
  for (let i: usize = 0; i < <usize>size; i++) {
    const at = i << 2;
    const old = <f64>load<f32>(running + at) * (1 - momentum);
    store<f32>(out + at, <f32>(old + <f64>load<f32>(value + at) * factor * momentum));
  }
}

/** The factor of each channel: scale / sqrt(variance + epsilon). */
function writeFactors(variance: usize, scale: usize, channels: i32, epsilon: f64, factors: usize): void {
  for (let c: usize = 0; c < <usize>channels; c++) {
    const at = c << 2;
    const s: f64 = scale != 0 ? <f64>load<f32>(scale + at) : 1;
    store<f32>(factors + at, <f32>(s / sqrt<f64>(<f64>load<f32>(variance + at) + epsilon)));
  }
}

// @ts-ignore: decorator
@inline
function normaliseLanes(
  x: usize,
  rows: i32,
  row: usize,
  average: v128,
  factor: v128,
  offset: v128,
  relu: bool,
  y: usize,
  wide: bool,
): void {
  for (let i = 0; i < rows; i++) {
    const value = f32x4.add(f32x4.mul(f32x4.sub(readLanes(x, wide), average), factor), offset);
    writeLanes(y, relu ? reluLanes(value) : value, wide);
    x += row;
    y += row;
  }
}

/**
 * y = (x - mean) scale / sqrt(variance + epsilon) + shift, then relu.
 *
 * @param scale 0 for ones.
 * @param shift 0 for zeros.
 * @param work Scratch for `channels` float32 numbers.
 */
export function normalise(
  x: usize,
  rows: i32,
  channels: i32,
  mean: usize,
  variance: usize,
  scale: usize,
  shift: usize,
  epsilon: f64,
  relu: bool,
  y: usize,
  work: usize,
): void {
  const row = <usize>channels << 2;
  const vectors = <usize>(channels & ~3) << 2;
  writeFactors(variance, scale, channels, epsilon, work);
  const block = blockRows(channels);
  for (let begin = 0; begin < rows; begin += block) {
    const count = min(block, rows - begin);
    const first = <usize>begin * row;
    for (let at: usize = 0; at < vectors; at += 16) {
      const average = v128.load(mean + at), factor = v128.load(work + at);
      const offset = readLanesOr(shift, at, 0, true);
      if (relu) normaliseLanes(x + first + at, count, row, average, factor, offset, true, y + first + at, true);
      else normaliseLanes(x + first + at, count, row, average, factor, offset, false, y + first + at, true);
    }
    for (let at = vectors; at < row; at += 4) {
      const average = v128.load32_zero(mean + at), factor = v128.load32_zero(work + at);
      const offset = readLanesOr(shift, at, 0, false);
      normaliseLanes(x + first + at, count, row, average, factor, offset, relu, y + first + at, false);
    }
  }
}

/**
 * The output gradient of normalisation where relu lets it pass, and where what
 * relu gets is NaN: then `centred` is NaN as well, and with it all that these
 * gradients are multiplied by. That saves 4 instructions of 26.
 */
// @ts-ignore: decorator
@inline
function liveGradient(dy: v128, centred: v128, factor: v128, offset: v128, relu: bool): v128 {
  if (!relu) return dy;
  const value = f32x4.add(f32x4.mul(centred, factor), offset);
  return v128.andnot(dy, f32x4.le(value, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function addGradients(
  dy: usize,
  x: usize,
  rows: i32,
  row: usize,
  average: v128,
  factor: v128,
  offset: v128,
  sums: usize,
  products: usize,
  relu: bool,
  wide: bool,
): void {
  let s0 = v128.load(sums), s1 = wide ? v128.load(sums, 16) : s0;
  let p0 = v128.load(products), p1 = wide ? v128.load(products, 16) : p0;
  for (let i = 0; i < rows; i++) {
    const centred = f32x4.sub(readLanes(x, wide), average);
    const share = liveGradient(readLanes(dy, wide), centred, factor, offset, relu);
    const product = f32x4.mul(share, centred);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(share));
    p0 = f64x2.add(p0, f64x2.promote_low_f32x4(product));
    if (wide) {
      s1 = f64x2.add(s1, promoteHigh(share));
      p1 = f64x2.add(p1, promoteHigh(product));
    }
    x += row;
    dy += row;
  }
  storeSums(sums, s0, s1, wide);
  storeSums(products, p0, p1, wide);
}

/**
 * The gradients of normalisation for scale and shift: sums over the rows of
 * dy (x - mean) / sqrt(variance + epsilon) and of dy, where relu lets it pass.
 *
 * @param scale 0 for ones.
 * @param shift 0 for zeros.
 * @param work Scratch for `3 channels + 2` float64 numbers.
 */
export function normaliseSums(
  dy: usize,
  x: usize,
  rows: i32,
  channels: i32,
  mean: usize,
  variance: usize,
  scale: usize,
  shift: usize,
  epsilon: f64,
  relu: bool,
  dscale: usize,
  dshift: usize,
  work: usize,
): void {
  const row = <usize>channels << 2;
  const vectors = <usize>(channels & ~3) << 2;
  const products = work + (<usize>channels << 3);
  const factors = work + (<usize>channels << 4) + 8;
  memory.fill(work, 0, (<usize>channels << 4) + 8);
  writeFactors(variance, scale, channels, epsilon, factors);
  const block = blockRows(channels);
  for (let begin = 0; begin < rows; begin += block) {
    const count = min(block, rows - begin);
    const from = <usize>begin * row;
    for (let at: usize = 0; at < vectors; at += 16) {
      const average = v128.load(mean + at), factor = v128.load(factors + at);
      const offset = readLanesOr(shift, at, 0, true);
      const to = at << 1;
      if (relu) {
        addGradients(dy + from + at, x + from + at, count, row, average, factor, offset, work + to, products + to, true, true);
      } else {
        addGradients(dy + from + at, x + from + at, count, row, average, factor, offset, work + to, products + to, false, true);
      }
    }
    for (let at = vectors; at < row; at += 4) {
      const average = v128.load32_zero(mean + at), factor = v128.load32_zero(factors + at);
      const offset = readLanesOr(shift, at, 0, false);
      const to = at << 1;
      addGradients(dy + from + at, x + from + at, count, row, average, factor, offset, work + to, products + to, relu, false);
    }
  }
  for (let c: usize = 0; c < <usize>channels; c++) {
    const at = c << 2;
    const deviation = sqrt<f64>(<f64>load<f32>(variance + at) + epsilon);
    const product = load<f64>(products + (c << 3)) / deviation;
    store<f32>(dscale + at, <f32>product);
    store<f32>(dshift + at, <f32>(product != product ? product : load<f64>(work + (c << 3))));
  }
}

// @ts-ignore: decorator
@inline
function inputGradientLanes(
  dy: usize,
  x: usize,
  rows: i32,
  row: usize,
  average: v128,
  factor: v128,
  offset: v128,
  common: v128,
  slope: v128,
  dx: usize,
  relu: bool,
  wide: bool,
): void {
  for (let i = 0; i < rows; i++) {
    const centred = f32x4.sub(readLanes(x, wide), average);
    const share = liveGradient(readLanes(dy, wide), centred, factor, offset, relu);
    const rest = f32x4.sub(f32x4.sub(share, common), f32x4.mul(centred, slope));
    writeLanes(dx, f32x4.mul(rest, factor), wide);
    x += row;
    dy += row;
    dx += row;
  }
}

/**
 * The input gradient where mean and variance are those of x:
 * dx = factor (dy - dshift / rows - (x - mean) dscale / (deviation rows)), with
 * deviation = sqrt(variance + epsilon) and factor = scale / deviation.
 *
 * @param scale 0 for ones.
 * @param shift 0 for zeros.
 * @param work Scratch for `3 channels` float32 numbers.
 */
export function normaliseInputGrad(
  dy: usize,
  x: usize,
  rows: i32,
  channels: i32,
  mean: usize,
  variance: usize,
  scale: usize,
  shift: usize,
  dscale: usize,
  dshift: usize,
  epsilon: f64,
  relu: bool,
  dx: usize,
  work: usize,
): void {
  const row = <usize>channels << 2;
  const vectors = <usize>(channels & ~3) << 2;
  const commons = work + row, slopes = commons + row;
  writeFactors(variance, scale, channels, epsilon, work);
  for (let at: usize = 0; at < row; at += 4) {
    const deviation = sqrt<f64>(<f64>load<f32>(variance + at) + epsilon);
    store<f32>(commons + at, <f32>(<f64>load<f32>(dshift + at) / <f64>rows));
    store<f32>(slopes + at, <f32>(<f64>load<f32>(dscale + at) / (deviation * <f64>rows)));
  }
  const block = blockRows(channels);
  for (let begin = 0; begin < rows; begin += block) {
    const count = min(block, rows - begin);
    const from = <usize>begin * row;
    for (let at: usize = 0; at < vectors; at += 16) {
      const average = v128.load(mean + at), factor = v128.load(work + at);
      const offset = readLanesOr(shift, at, 0, true);
      const common = v128.load(commons + at), slope = v128.load(slopes + at);
      const first = from + at;
      if (relu) {
        inputGradientLanes(dy + first, x + first, count, row, average, factor, offset, common, slope, dx + first, true, true);
      } else {
        inputGradientLanes(dy + first, x + first, count, row, average, factor, offset, common, slope, dx + first, false, true);
      }
    }
    for (let at = vectors; at < row; at += 4) {
      const average = v128.load32_zero(mean + at), factor = v128.load32_zero(work + at);
      const offset = readLanesOr(shift, at, 0, false);
      const common = v128.load32_zero(commons + at), slope = v128.load32_zero(slopes + at);
      const first = from + at;
      inputGradientLanes(dy + first, x + first, count, row, average, factor, offset, common, slope, dx + first, relu, false);
    }
  }
}

// @ts-ignore: decorator
@inline
function affineGradientLanes(
  dy: usize,
  x: usize,
  rows: i32,
  row: usize,
  average: v128,
  factor: v128,
  offset: v128,
  relu: bool,
  dx: usize,
  wide: bool,
): void {
  for (let i = 0; i < rows; i++) {
    let share = readLanes(dy, wide);
    if (relu) {
      const centred = f32x4.sub(readLanes(x, wide), average);
      share = passRelu(share, f32x4.add(f32x4.mul(centred, factor), offset));
    }
    writeLanes(dx, f32x4.mul(share, factor), wide);
    x += row;
    dy += row;
    dx += row;
  }
}

/**
 * The input gradient where mean and variance are constants: dx = dy scale /
 * sqrt(variance + epsilon), where relu lets it pass.
 *
 * @param scale 0 for ones.
 * @param shift 0 for zeros.
 * @param work Scratch for `channels` float32 numbers.
 */
export function affineInputGrad(
  dy: usize,
  x: usize,
  rows: i32,
  channels: i32,
  mean: usize,
  variance: usize,
  scale: usize,
  shift: usize,
  epsilon: f64,
  relu: bool,
  dx: usize,
  work: usize,
): void {
  const row = <usize>channels << 2;
  const vectors = <usize>(channels & ~3) << 2;
  writeFactors(variance, scale, channels, epsilon, work);
  const block = blockRows(channels);
  for (let begin = 0; begin < rows; begin += block) {
    const count = min(block, rows - begin);
    const from = <usize>begin * row;
    for (let at: usize = 0; at < vectors; at += 16) {
      const average = v128.load(mean + at), factor = v128.load(work + at);
      const offset = readLanesOr(shift, at, 0, true);
      const first = from + at;
      if (relu) affineGradientLanes(dy + first, x + first, count, row, average, factor, offset, true, dx + first, true);
      else affineGradientLanes(dy + first, x + first, count, row, average, factor, offset, false, dx + first, true);
    }
    for (let at = vectors; at < row; at += 4) {
      const average = v128.load32_zero(mean + at), factor = v128.load32_zero(work + at);
      const offset = readLanesOr(shift, at, 0, false);
      const first = from + at;
      affineGradientLanes(dy + first, x + first, count, row, average, factor, offset, relu, dx + first, false);
    }
  }
}
