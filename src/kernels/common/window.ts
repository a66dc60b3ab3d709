import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs";

/**
 * A window that slides over a batch of images: of a convolution or of pooling.
 * Sizes of input, output and window, steps and padding, as TensorFlow.js
 * computes them. For pooling, the filter is the window.
 */
export type Window = backend_util.Conv2DInfo;

type Shape4D = [number, number, number, number];
/** Padding as TensorFlow.js takes it. */
export type Padding = "valid" | "same" | number | backend_util.ExplicitPadding;
type Rounding = "floor" | "round" | "ceil";

/** What all convolution kernels of TensorFlow.js take as attributes. */
export interface ConvolutionAttrs {
  /** Rows and columns from one window to the next. */
  strides: number | [number, number];
  /** Zeros around the images. */
  pad: Padding;
  /** Rows and columns from one filter tap to the next, 1 if absent. */
  dilations?: number | [number, number];
  /** Whether channels are the last axis (the default) or the second. */
  dataFormat?: "NHWC" | "NCHW";
  /** How a fractional output size is rounded. */
  dimRoundingMode?: Rounding;
}

/** What all pooling kernels of TensorFlow.js take as attributes. */
export interface PoolingAttrs {
  /** Rows and columns of the window. */
  filterSize: number | [number, number];
  /** Rows and columns from one window to the next. */
  strides: number | [number, number];
  /** Pixels around the images, which take no part. */
  pad: Padding;
  /** How a fractional output size is rounded. */
  dimRoundingMode?: Rounding;
}

/**
 * The window of a convolution.
 *
 * @param inShape Shape of the images in the data format of `attrs`.
 * @param filterShape Shape `[h, w, in, out]`, or `[h, w, in, multiplier]` if
 * `depthwise`.
 */
export function convolutionWindow(
  inShape: readonly number[],
  filterShape: readonly number[],
  { depthwise = false, ...attrs }: ConvolutionAttrs & { depthwise?: boolean },
): Window {
  return checkSize(backend_util.computeConv2DInfo(
    inShape as Shape4D,
    filterShape as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    backend_util.convertConv2DDataFormat(attrs.dataFormat ?? "NHWC"),
  ));
}

/**
 * Refuses a window of more than one place beyond the images, for which
 * TensorFlow.js computes a negative size.
 */
function checkSize(window: Window): Window {
  if (window.outHeight >= 0 && window.outWidth >= 0) return window;
  throw new RangeError(
    `A window must fit into the padded images, got ${window.filterHeight} by ${window.filterWidth} for images of ${window.inHeight} by ${window.inWidth}`,
  );
}

/**
 * The window of a gradient: with as many places as `dy` has. TensorFlow.js does
 * not tell gradients how the forward pass rounded a fractional output size.
 */
export function gradientWindow(
  window: Window,
  dy: Pick<TensorInfo, "shape">,
): Window {
  const outShape = dy.shape as Shape4D;
  const [outHeight, outWidth] = placesOf(window, dy);
  return { ...window, outHeight, outWidth, outShape };
}

/** Rows and columns of the gradient of a window's output. */
function placesOf(
  { dataFormat }: Window,
  { shape }: Pick<TensorInfo, "shape">,
): [number, number] {
  const first = dataFormat === "channelsLast" ? 1 : 2;
  return [shape[first]!, shape[first + 1]!];
}

/**
 * Whether `dy` may be the gradient of a window's output: as large, or of a size
 * that was rounded otherwise, which happens with padding by numbers only.
 */
export function fitsGradient(
  window: Window,
  dy: Pick<TensorInfo, "shape">,
  { pad }: { readonly pad: Padding },
): boolean {
  const [rows, columns] = placesOf(window, dy);
  return pad !== "same" && pad !== "valid" ||
    rows === window.outHeight && columns === window.outWidth;
}

/**
 * The window of a convolutional block: stride 1, "same" padding, and 2x2
 * pooling of the output, whose shape comes along.
 */
export function blockWindow(
  inShape: readonly number[],
  filterShape: readonly number[],
): { window: Window; pooledShape: Shape4D } {
  const window = convolutionWindow(inShape, filterShape, {
    strides: 1,
    pad: "same",
  });
  const { batchSize, outHeight, outWidth, outChannels } = window;
  return {
    window,
    pooledShape: [batchSize, outHeight / 2, outWidth / 2, outChannels],
  };
}

/**
 * The window of pooling, channels last. With one step for both axes, windows of one
 * pixel, as many as there are pixels, are those pixels on TensorFlow.js's backends,
 * even where steps and padding would put them elsewhere.
 */
export const poolingWindow = (
  x: Pick<TensorInfo, "shape">,
  attrs: PoolingAttrs,
): Window => placePixels(slidingWindow(x, attrs));

/** The window of the gradient of pooling: as many as `dy` has. */
export const poolingGradientWindow = (
  { input, dy }: Record<"input" | "dy", Pick<TensorInfo, "shape">>,
  attrs: PoolingAttrs,
): Window => placePixels(gradientWindow(slidingWindow(input, attrs), dy));

function slidingWindow(
  x: Pick<TensorInfo, "shape">,
  attrs: PoolingAttrs,
): Window {
  return checkSize(backend_util.computePool2DInfo(
    x.shape as Shape4D,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  ));
}

function placePixels(window: Window): Window {
  return window.filterHeight * window.filterWidth === 1 &&
      window.strideHeight === window.strideWidth &&
      util.arraysEqual(window.inShape, window.outShape)
    ? {
      ...window,
      strideHeight: 1,
      strideWidth: 1,
      padInfo: { ...window.padInfo, top: 0, left: 0, bottom: 0, right: 0 },
    }
    : window;
}

/** Whether the place of a pixel in a window of pooling fits into its byte. */
export function hasNotedWinners(
  x: Pick<TensorInfo, "shape">,
  attrs: PoolingAttrs,
): boolean {
  const { filterHeight, filterWidth } = poolingWindow(x, attrs);
  return filterHeight * filterWidth <= 255;
}
