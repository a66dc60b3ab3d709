// Generated from assembly/index.ts by `deno task build:wasm`: edit that.
import type { Address, Pointer, StructLayout } from "./struct.ts";

/**
 * A convolution or pooling of NHWC images: sizes of the images, of the window
 * and of its steps.
 */
export interface Geometry {
  /** Images in the batch. */
  readonly batchSize: number;
  /** Rows of an input image. */
  readonly inHeight: number;
  /** Columns of an input image. */
  readonly inWidth: number;
  /** Channels of an input image. */
  readonly inChannels: number;
  /** Rows of an output image. */
  readonly outHeight: number;
  /** Columns of an output image. */
  readonly outWidth: number;
  /** Channels of an output image. */
  readonly outChannels: number;
  /** Rows of the filter or pooling window. */
  readonly filterHeight: number;
  /** Columns of the filter or pooling window. */
  readonly filterWidth: number;
  /** Rows from one window to the next. */
  readonly strideHeight: number;
  /** Columns from one window to the next. */
  readonly strideWidth: number;
  /** Rows from one filter tap to the next. */
  readonly dilationHeight: number;
  /** Columns from one filter tap to the next. */
  readonly dilationWidth: number;
  /** Rows of zeros above an image; negative if its first rows are left out. */
  readonly padTop: number;
  /** Columns of zeros left of an image; negative if its first ones are left out. */
  readonly padLeft: number;
  /**
   * Rows from one input row to the next once framed: 1, or in an input gradient
   * the stride of the forward pass, with zeros in between.
   */
  readonly spreadHeight: number;
  /** Columns from one input column to the next once framed. */
  readonly spreadWidth: number;
}

/** How a `Geometry` lies in memory. */
export const geometryLayout: StructLayout<Geometry> = {
  bytes: 68,
  fields: {
    batchSize: { offset: 0, type: "i32" },
    inHeight: { offset: 4, type: "i32" },
    inWidth: { offset: 8, type: "i32" },
    inChannels: { offset: 12, type: "i32" },
    outHeight: { offset: 16, type: "i32" },
    outWidth: { offset: 20, type: "i32" },
    outChannels: { offset: 24, type: "i32" },
    filterHeight: { offset: 28, type: "i32" },
    filterWidth: { offset: 32, type: "i32" },
    strideHeight: { offset: 36, type: "i32" },
    strideWidth: { offset: 40, type: "i32" },
    dilationHeight: { offset: 44, type: "i32" },
    dilationWidth: { offset: 48, type: "i32" },
    padTop: { offset: 52, type: "i32" },
    padLeft: { offset: 56, type: "i32" },
    spreadHeight: { offset: 60, type: "i32" },
    spreadWidth: { offset: 64, type: "i32" },
  },
};

/** What the module exports. */
export interface KernelExports {
  /**
   * Adam: g += decay w; m' = b1 m + (1 - b1) g; s' = b2 s + (1 - b2) g^2;
   * w' = w - rate m' / (sqrt(s') / root + epsilon).
   */
  adamStep(
    weight: Address,
    mean: Address,
    square: Address,
    gradient: Address,
    size: number,
    rate: number,
    root: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    decay: number,
    outWeight: Address,
    outMean: Address,
    outSquare: Address,
  ): void;
  /**
   * AdamW: m' = b1 m + (1 - b1) g; s' = b2 s + (1 - b2) g^2;
   * w' = kept w - rate m' / (sqrt(s') / root + epsilon).
   */
  adamwStep(
    weight: Address,
    mean: Address,
    square: Address,
    gradient: Address,
    size: number,
    rate: number,
    root: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    kept: number,
    outWeight: Address,
    outMean: Address,
    outSquare: Address,
  ): void;
  /** y = a + b. */
  add(
    a: Address,
    b: Address,
    size: number,
    y: Address,
  ): void;
  /**
   * y = x plus a bias for each column, clamped below at 0 and above at `most`. y
   * may be x.
   *
   * @param bias 0 for none.
   */
  addBias(
    x: Address,
    rows: number,
    columns: number,
    bias: Address,
    clamp: boolean,
    most: number,
    y: Address,
  ): void;
  /**
   * The input gradient where mean and variance are constants: dx = dy scale /
   * sqrt(variance + epsilon), where relu lets it pass.
   *
   * @param scale 0 for ones.
   * @param shift 0 for zeros.
   * @param work Scratch for `channels` float32 numbers.
   */
  affineInputGrad(
    dy: Address,
    x: Address,
    rows: number,
    channels: number,
    mean: Address,
    variance: Address,
    scale: Address,
    shift: Address,
    epsilon: number,
    relu: boolean,
    dx: Address,
    work: Address,
  ): void;
  /** The sum of each window over its pixels inside the image, divided by their count. */
  avgPool(
    g: Pointer<Geometry>,
    x: Address,
    out: Address,
  ): void;
  /**
   * The gradient of average pooling: each pixel of a window gets an equal part,
   * one over the size of the whole window.
   */
  avgPoolGrad(
    g: Pointer<Geometry>,
    dy: Address,
    dx: Address,
  ): void;
  /** y = x, at least `least` and at most `most`; NaN stays NaN. */
  clip(
    x: Address,
    size: number,
    least: number,
    most: number,
    y: Address,
  ): void;
  /** dx = dy where x is at least `least` and at most `most`; 0 elsewhere, NaN too. */
  clipGrad(
    dy: Address,
    x: Address,
    size: number,
    least: number,
    most: number,
    dx: Address,
  ): void;
  /**
   * Convolves a batch with filters [height, width, in, out].
   *
   * @param source Images, or gradients of outputs if `flipped`.
   * @param winners 0, or the winners of pooling: then `source` is the gradient of
   * the pooled images, spread to full size on the way in.
   * @param flipped For the input gradient: the filters turned by half a circle,
   * with input and output exchanged; `g` is then that of the gradient.
   * @param scratch `convolveScratch` bytes.
   */
  convolve(
    g: Pointer<Geometry>,
    source: Address,
    winners: Address,
    filter: Address,
    flipped: boolean,
    out: Address,
    scratch: Address,
  ): void;
  /**
   * Convolution, bias, relu and 2x2 max pooling of a batch, two rows of outputs
   * at a time, pooled while they are in the cache.
   *
   * @param winners Where the winners of pooling go, one byte per output.
   * @param scratch `convolveReluPoolScratch` bytes.
   */
  convolveReluPool(
    g: Pointer<Geometry>,
    source: Address,
    filter: Address,
    bias: Address,
    out: Address,
    winners: Address,
    scratch: Address,
  ): void;
  /** Bytes of scratch that `convolveReluPool` needs. */
  convolveReluPoolScratch(
    g: Pointer<Geometry>,
  ): number;
  /** Bytes of scratch that `convolve` needs. */
  convolveScratch(
    g: Pointer<Geometry>,
  ): number;
  /** Copies rows of so many bytes; rows begin `step` bytes after each other. */
  copyRows(
    from: Address,
    fromStep: number,
    rows: number,
    bytes: number,
    to: Address,
    toStep: number,
  ): void;
  /** How many rows of x[rows, columns] are all zeros, of either sign. */
  countZeroRows(
    x: Address,
    rows: number,
    columns: number,
    out: Address,
  ): void;
  /**
   * For each row: loss = sum of labels * (ln sum exp logits - logits), and its
   * gradient for the logits, softmax * sum of labels - labels.
   *
   * @param work Scratch for `columns` float64 numbers.
   */
  crossEntropy(
    logits: Address,
    labels: Address,
    rows: number,
    columns: number,
    losses: Address,
    gradients: Address,
    work: Address,
  ): void;
  /**
   * dL/dW of a depthwise convolution. Each image is summed on its own first: sums
   * of sums round less.
   *
   * @param partial Scratch of the size of `dw`.
   */
  depthwiseBackpropFilter(
    g: Pointer<Geometry>,
    x: Address,
    dy: Address,
    dw: Address,
    partial: Address,
  ): void;
  /** dL/dx of a depthwise convolution with filters [height, width, in, multiplier]. */
  depthwiseBackpropInput(
    g: Pointer<Geometry>,
    dy: Address,
    filter: Address,
    dx: Address,
  ): void;
  /**
   * y = the greater of a and b, or the smaller; NaN where either is NaN.
   *
   * @param aIsOne Whether a is one number, for all of b; the same for b.
   */
  extremes(
    a: Address,
    b: Address,
    aIsOne: boolean,
    bIsOne: boolean,
    smaller: boolean,
    size: number,
    y: Address,
  ): void;
  /**
   * dL/dW [height, width, in, out] of a convolution.
   *
   * @param winners 0, or the winners of pooling: then `dy` is the gradient of the
   * pooled images, spread to full size first.
   * @param scratch `filterGradientScratch` bytes.
   */
  filterGradient(
    g: Pointer<Geometry>,
    x: Address,
    dy: Address,
    winners: Address,
    dw: Address,
    scratch: Address,
  ): void;
  /** Bytes of scratch that `filterGradient` needs; more if `dy` is pooled. */
  filterGradientScratch(
    g: Pointer<Geometry>,
    pooled: boolean,
  ): number;
  /** The first of the indices that is not in [0, size); 0, which is, if all are. */
  findOutside(
    indices: Address,
    count: number,
    size: number,
  ): number;
  /** y[rows, count] = x[rows, size] at the indices, in blocks of so many bytes. */
  gatherBlocks(
    x: Address,
    rows: number,
    size: number,
    bytes: number,
    indices: Address,
    count: number,
    y: Address,
  ): void;
  /**
   * c = a b for matrices with any strides (in floats), so that transposes cost
   * nothing extra; `c` is dense, shape [m, n].
   */
  gemm(
    m: number,
    n: number,
    k: number,
    a: Address,
    aRow: number,
    aColumn: number,
    b: Address,
    bRow: number,
    bColumn: number,
    c: Address,
    scratch: Address,
  ): void;
  /** Bytes of scratch that `gemm` needs, whatever the shapes. */
  gemmScratch(): number;
  /** out[image, c] = mean of x[image, pixels, c]. */
  globalAvgPool(
    x: Address,
    batch: number,
    pixels: number,
    channels: number,
    out: Address,
  ): void;
  /** dx[image, pixels, c] = dy[image, c] / pixels. */
  globalAvgPoolGrad(
    dy: Address,
    batch: number,
    pixels: number,
    channels: number,
    dx: Address,
  ): void;
  /** One step of an L-infinity attack: move, project onto the ball, clip to [least, most]. */
  linfStep(
    current: Address,
    gradient: Address,
    original: Address,
    size: number,
    epsilon: number,
    stepSize: number,
    least: number,
    most: number,
    out: Address,
  ): void;
  /** The maximum of each window; -Infinity where a window holds no pixel. */
  maxPool(
    g: Pointer<Geometry>,
    x: Address,
    out: Address,
  ): void;
  /**
   * The gradient of max pooling. Each window's goes to its first maximum in
   * reading order; in a window of nothing but -Infinity to its first pixel; NaNs
   * get none.
   */
  maxPoolGrad(
    g: Pointer<Geometry>,
    dy: Address,
    x: Address,
    dx: Address,
  ): void;
  /**
   * The maximum of each window and, one byte each, its place in the window in
   * reading order: the first of equals, and the first NaN where there is one. A
   * window that holds no pixel has -Infinity, and 255 as its place.
   */
  maxPoolWinners(
    g: Pointer<Geometry>,
    x: Address,
    out: Address,
    winners: Address,
  ): void;
  /**
   * The gradient of max pooling: each window's goes to the pixel that won. Where
   * windows overlap, they are added in reading order.
   */
  maxPoolWinnersGrad(
    g: Pointer<Geometry>,
    dy: Address,
    winners: Address,
    dx: Address,
  ): void;
  /**
   * The mean of all, NaN if there is none. Summed in float32 in order, as the
   * official kernel does, so that both give the same bits.
   */
  mean(
    x: Address,
    size: number,
    out: Address,
  ): void;
  /**
   * Mean and biased variance of each channel; zeros if there are no rows.
   * float64 sums of squares lose nothing that float32 numbers have: the error of
   * the variance is 1e-16 of the square of the mean.
   *
   * @param work Scratch for `2 channels + 1` float64 numbers.
   */
  moments(
    x: Address,
    rows: number,
    channels: number,
    mean: Address,
    variance: Address,
    work: Address,
  ): void;
  /** Running statistics: (1 - momentum) running + momentum factor value. */
  moveAverage(
    running: Address,
    value: Address,
    size: number,
    momentum: number,
    factor: number,
    out: Address,
  ): void;
  /** y = a b. */
  multiply(
    a: Address,
    b: Address,
    size: number,
    y: Address,
  ): void;
  /** SGD with Nesterov's momentum: g += decay w; v' = momentum v + g; w' = w - rate (g + momentum v'). */
  nesterovStep(
    weight: Address,
    velocity: Address,
    gradient: Address,
    size: number,
    rate: number,
    momentum: number,
    decay: number,
    outWeight: Address,
    outVelocity: Address,
  ): void;
  /**
   * y = (x - mean) scale / sqrt(variance + epsilon) + shift, then relu.
   *
   * @param scale 0 for ones.
   * @param shift 0 for zeros.
   * @param work Scratch for `channels` float32 numbers.
   */
  normalise(
    x: Address,
    rows: number,
    channels: number,
    mean: Address,
    variance: Address,
    scale: Address,
    shift: Address,
    epsilon: number,
    relu: boolean,
    y: Address,
    work: Address,
  ): void;
  /**
   * The input gradient where mean and variance are those of x:
   * dx = factor (dy - dshift / rows - (x - mean) dscale / (deviation rows)), with
   * deviation = sqrt(variance + epsilon) and factor = scale / deviation.
   *
   * @param scale 0 for ones.
   * @param shift 0 for zeros.
   * @param work Scratch for `3 channels` float32 numbers.
   */
  normaliseInputGrad(
    dy: Address,
    x: Address,
    rows: number,
    channels: number,
    mean: Address,
    variance: Address,
    scale: Address,
    shift: Address,
    dscale: Address,
    dshift: Address,
    epsilon: number,
    relu: boolean,
    dx: Address,
    work: Address,
  ): void;
  /**
   * The gradients of normalisation for scale and shift: sums over the rows of
   * dy (x - mean) / sqrt(variance + epsilon) and of dy, where relu lets it pass.
   *
   * @param scale 0 for ones.
   * @param shift 0 for zeros.
   * @param work Scratch for `3 channels + 2` float64 numbers.
   */
  normaliseSums(
    dy: Address,
    x: Address,
    rows: number,
    channels: number,
    mean: Address,
    variance: Address,
    scale: Address,
    shift: Address,
    epsilon: number,
    relu: boolean,
    dscale: Address,
    dshift: Address,
    work: Address,
  ): void;
  /** y = max(x, 0), NaN where x is NaN: the official kernel gives 0 there. */
  relu(
    x: Address,
    size: number,
    y: Address,
  ): void;
  /** dx = dy where x > 0, else 0; NaN where x is NaN. */
  reluGrad(
    dy: Address,
    x: Address,
    size: number,
    dx: Address,
  ): void;
  /**
   * y = x, each of its blocks so many times in a row.
   *
   * @param bytes Bytes of a block.
   */
  repeatBlocks(
    x: Address,
    blocks: number,
    bytes: number,
    times: number,
    y: Address,
  ): void;
  /** y = a + b, then relu. */
  residualAdd(
    a: Address,
    b: Address,
    size: number,
    relu: boolean,
    y: Address,
  ): void;
  /**
   * y[image, i, j, c] = x[image, i, j, c] + shortcut[image, stride i, stride j, c],
   * then relu; the shortcut has no channels from `inChannels` on.
   */
  residualAddStrided(
    x: Address,
    shortcut: Address,
    batch: number,
    height: number,
    width: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    inChannels: number,
    stride: number,
    relu: boolean,
    y: Address,
  ): void;
  /** y = x factor, + offset unless that is 0. */
  scale(
    x: Address,
    size: number,
    factor: number,
    offset: number,
    y: Address,
  ): void;
  /** SGD with momentum: g += decay w; v' = momentum v + g; w' = w - rate v'. */
  sgdStep(
    weight: Address,
    velocity: Address,
    gradient: Address,
    size: number,
    rate: number,
    momentum: number,
    decay: number,
    outWeight: Address,
    outVelocity: Address,
  ): void;
  /** The gradient of that shortcut: dy at the pixels that were taken, else zero. */
  shortcutGrad(
    dy: Address,
    batch: number,
    height: number,
    width: number,
    channels: number,
    inHeight: number,
    inWidth: number,
    inChannels: number,
    stride: number,
    dx: Address,
  ): void;
  /** dx = dy y (1 - y): the gradient of the logistic function by its result y. */
  sigmoidGrad(
    dy: Address,
    y: Address,
    size: number,
    dx: Address,
  ): void;
  /** y = -1, 0 or 1: the sign of x, 0 for NaN. */
  sign(
    x: Address,
    size: number,
    y: Address,
  ): void;
  /**
   * The input gradient of a convolution with filters [height, width, in, out].
   *
   * @param g The convolution of stride 1 that gives it, spread by the strides.
   * @param scratch `stridedInputGradientScratch` bytes.
   */
  stridedInputGradient(
    g: Pointer<Geometry>,
    dy: Address,
    filter: Address,
    dx: Address,
    scratch: Address,
  ): void;
  /** Bytes of scratch that `stridedInputGradient` needs. */
  stridedInputGradientScratch(
    g: Pointer<Geometry>,
  ): number;
  /**
   * out[rows] = sum of each row of x[rows, columns], by four interleaved sums, over
   * `divisor`.
   */
  sumColumns(
    x: Address,
    rows: number,
    columns: number,
    divisor: number,
    out: Address,
  ): void;
  /** out[columns] = sum over rows of x[rows, columns], rows in order, over `divisor`. */
  sumRows(
    x: Address,
    rows: number,
    columns: number,
    divisor: number,
    out: Address,
  ): void;
  /** Sums over rows of dy[rows, columns] where relu was not flat. */
  sumWinners(
    dy: Address,
    winners: Address,
    rows: number,
    columns: number,
    out: Address,
  ): void;
  /** y = tanh x, to half a unit in the last place of float32 and 1e-4 of one. */
  tanh(
    x: Address,
    size: number,
    y: Address,
  ): void;
  /** dx = dy (1 - y y): the gradient of the hyperbolic tangent by its result y. */
  tanhGrad(
    dy: Address,
    y: Address,
    size: number,
    dx: Address,
  ): void;
  /**
   * Convolves a batch with filters [3, 3, in, out], stride 1.
   *
   * @param side Outputs along the side of a tile, 2 or 4.
   * @param source Images, or gradients of outputs if `flipped`.
   * @param winners 0, or the winners of pooling: then `source` is the gradient of
   * the pooled images, spread to full size on the way in.
   * @param flipped For the input gradient: the filters turned by half a circle,
   * with input and output exchanged; `g` is then that of the gradient.
   * @param outWinners 0, or where the winners of pooling go: then `side` is 2, `bias`
   * is added and relu and 2x2 pooling are applied on the way out.
   * @param scratch `winogradScratch` bytes.
   */
  winogradConvolve(
    g: Pointer<Geometry>,
    side: number,
    source: Address,
    winners: Address,
    filter: Address,
    flipped: boolean,
    bias: Address,
    out: Address,
    outWinners: Address,
    scratch: Address,
  ): void;
  /**
   * dL/dW [3, 3, in, out] of a convolution of stride 1, by the transpose of
   * F(4x4, 3x3).
   *
   * @param winners 0, or the winners of pooling, as in `winogradConvolve`.
   * @param scratch `winogradFilterGradientScratch` bytes.
   */
  winogradFilterGradient(
    g: Pointer<Geometry>,
    x: Address,
    dy: Address,
    winners: Address,
    dw: Address,
    scratch: Address,
  ): void;
  /** Bytes of scratch that `winogradFilterGradient` needs. */
  winogradFilterGradientScratch(
    g: Pointer<Geometry>,
  ): number;
  /** Bytes of scratch that `winogradConvolve` needs. */
  winogradScratch(
    g: Pointer<Geometry>,
    side: number,
  ): number;
}
