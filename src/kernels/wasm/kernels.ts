/** What `kernels.wasm` exports. Pointers and sizes in bytes are plain numbers. */
export interface Kernels {
  /** c[m, n] = a b, strides in floats. */
  gemm(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    scratch: number,
  ): void;
  /** Bytes of scratch `gemm` needs. */
  gemmScratch(): number;
  /** Sets bytes to zero. */
  clear(at: number, bytes: number): void;
  /** Copies one image into a frame of zeros. */
  frameImage(
    image: number,
    height: number,
    width: number,
    channels: number,
    frame: number,
    frameHeight: number,
    frameWidth: number,
    top: number,
    left: number,
    stepY: number,
    stepX: number,
  ): void;
  /** Convolves one framed image with packed filters. */
  convolveFrame(
    frame: number,
    frameWidth: number,
    channels: number,
    panels: number,
    panelWidth: number,
    filterHeight: number,
    filterWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    out: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    offsets: number,
    tile: number,
  ): void;
  /** Packs filters [taps, channels, outChannels]. */
  packFilter(
    filter: number,
    taps: number,
    channels: number,
    outChannels: number,
    panels: number,
    panelWidth: number,
  ): void;
  /** Packs the same filters, turned and transposed, for the input gradient. */
  packFilterFlipped(
    filter: number,
    taps: number,
    channels: number,
    outChannels: number,
    panels: number,
    panelWidth: number,
  ): void;
  /** Adds one framed image's share of a filter gradient. */
  addFilterGradient(
    frame: number,
    frameWidth: number,
    channels: number,
    filterHeight: number,
    filterWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    dy: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    dw: number,
    offsets: number,
    scratch: number,
  ): void;
  /** Floats of scratch `addFilterGradient` needs. */
  filterGradientScratch(entries: number, outChannels: number): number;
  /** Pools one image. */
  maxPool(
    x: number,
    height: number,
    width: number,
    channels: number,
    windowHeight: number,
    windowWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    out: number,
    outHeight: number,
    outWidth: number,
  ): void;
  /** Adds one image's gradient of pooling to `dx`. */
  maxPoolGrad(
    dy: number,
    x: number,
    height: number,
    width: number,
    channels: number,
    windowHeight: number,
    windowWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    dx: number,
    outHeight: number,
    outWidth: number,
  ): void;
  /** Adds a bias (none if 0) to rows in place, and clamps to [0, most]. */
  addBias(
    y: number,
    rows: number,
    columns: number,
    bias: number,
    clamp: boolean,
    most: number,
  ): void;
  /** Transforms and packs 3x3 filters for the two calls below. */
  winogradFilter(
    side: number,
    filter: number,
    channels: number,
    outChannels: number,
    flipped: boolean,
    panels: number,
    work: number,
  ): void;
  /** Convolves a batch with 3x3 filters, or goes back through it. */
  winogradConvolve(
    side: number,
    source: number,
    winners: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    panels: number,
    out: number,
    outWinners: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    bias: number,
    frame: number,
    scratch: number,
  ): void;
  /** Gradient of 3x3 filters over a batch. */
  winogradFilterGradient(
    x: number,
    batch: number,
    height: number,
    width: number,
    channels: number,
    top: number,
    left: number,
    dy: number,
    winners: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    dw: number,
    sums: number,
    frame: number,
    dyFrame: number,
    scratch: number,
  ): void;
  /** Bytes of scratch the two calls above need. */
  winogradScratch(channels: number, outChannels: number): number;
  /** One framed image: convolution, bias, relu, 2x2 pooling. */
  convolveReluPool(
    frame: number,
    frameWidth: number,
    channels: number,
    panels: number,
    filterHeight: number,
    filterWidth: number,
    bias: number,
    out: number,
    winners: number,
    outHeight: number,
    outWidth: number,
    outChannels: number,
    rows: number,
    offsets: number,
    tile: number,
  ): void;
  /** Spreads a pooled gradient to the pixels that won. */
  unpoolFrame(
    dy: number,
    winners: number,
    height: number,
    width: number,
    channels: number,
    frame: number,
    pixel: number,
    row: number,
    quad: number,
  ): void;
  /** Sums dy over rows where relu was not flat. */
  sumWinners(
    dy: number,
    winners: number,
    rows: number,
    columns: number,
    out: number,
  ): void;
  /** One step of an L-infinity attack. */
  linfStep(
    current: number,
    gradient: number,
    original: number,
    size: number,
    epsilon: number,
    stepSize: number,
    most: number,
    out: number,
  ): void;
  /** One step of SGD with momentum. */
  sgdStep(
    weight: number,
    velocity: number,
    gradient: number,
    size: number,
    rate: number,
    momentum: number,
    decay: number,
    outWeight: number,
    outVelocity: number,
  ): void;
  /** One step of Adam. */
  adamStep(
    weight: number,
    mean: number,
    square: number,
    gradient: number,
    size: number,
    rate: number,
    root: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    decay: number,
    outWeight: number,
    outMean: number,
    outSquare: number,
  ): void;
  /** Clamps below at 0, keeping NaN. */
  relu(x: number, size: number, y: number): void;
  /** Gradient of relu. */
  reluGrad(dy: number, x: number, size: number, dx: number): void;
  /** Sums over rows. */
  sumRows(x: number, rows: number, columns: number, out: number): void;
  /** Sums each row. */
  sumColumns(x: number, rows: number, columns: number, out: number): void;
  /** Softmax cross-entropy of rows, and its gradient. */
  crossEntropy(
    logits: number,
    labels: number,
    rows: number,
    columns: number,
    losses: number,
    gradients: number,
    work: number,
  ): void;
  /** Adds one image's input gradient of a depthwise convolution. */
  depthwiseBackpropInput(
    dy: number,
    filter: number,
    height: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    outHeight: number,
    outWidth: number,
    dx: number,
  ): void;
  /** Adds one image's filter gradient of a depthwise convolution. */
  depthwiseBackpropFilter(
    x: number,
    dy: number,
    height: number,
    width: number,
    channels: number,
    multiplier: number,
    filterHeight: number,
    filterWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    outHeight: number,
    outWidth: number,
    dw: number,
    partial: number,
  ): void;
  /** Adds one image's gradient of average pooling to `dx`. */
  avgPoolGrad(
    dy: number,
    height: number,
    width: number,
    channels: number,
    windowHeight: number,
    windowWidth: number,
    dilationY: number,
    dilationX: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    dx: number,
    outHeight: number,
    outWidth: number,
    scale: number,
  ): void;
}
