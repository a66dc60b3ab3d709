import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../common/run_kernel.ts";
import type { ConvolutionAttrs } from "../common/window.ts";
import type { Tensor4D } from "./tensors.ts";

/** How images are convolved. */
export interface Conv2dOptions {
  /** Rows and columns from one window to the next. */
  readonly strides: number;
  /** Zeros around the images. */
  readonly pad: ConvolutionAttrs["pad"];
  /**
   * Whether outputs of equal windows may differ by rounding, which some backends
   * compute faster.
   */
  readonly looseTies: boolean;
}

/**
 * A convolution. Differentiable in both.
 *
 * @param x Shape `[b, h, w, c]`.
 * @param filter Shape `[kh, kw, c, o]`.
 * @returns Shape `[b, h', w', o]`; the caller disposes it.
 */
export function conv2d(
  x: Tensor4D,
  filter: Tensor4D,
  { strides, pad, looseTies }: Conv2dOptions,
): Tensor4D {
  if (!looseTies) return tf.conv2d(x, filter, strides, pad);
  const attrs = {
    strides,
    pad,
    dataFormat: "NHWC",
    dilations: 1,
    looseTies,
  } as const;
  return runKernel("Conv2D", { inputs: { x, filter }, attrs })[0] as Tensor4D;
}
