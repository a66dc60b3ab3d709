import * as tf from "@tensorflow/tfjs";
import type { KernelName } from "./kernel.ts";
import { runKernel } from "./run_kernel.ts";
import type { ConvolutionAttrs } from "./window.ts";

/** The kernels of the gradients of a convolution, by the convolution's kernel. */
const kernels = {
  Conv2D: ["Conv2DBackpropInput", "Conv2DBackpropFilter"],
  DepthwiseConv2dNative: [
    "DepthwiseConv2dNativeBackpropInput",
    "DepthwiseConv2dNativeBackpropFilter",
  ],
} as const;

/** A convolution whose gradient TensorFlow.js refuses where it is dilated. */
export type DilatedKernel = keyof typeof kernels;

/** What the gradient builds on. */
export interface DilatedGradientOptions {
  /** The gradient that TensorFlow.js registers. */
  readonly official: tf.GradConfig;
  /** Whether a backend has our kernel of a name. */
  readonly isOurs: (kernel: KernelName, backend: string) => boolean;
}

/**
 * Gradient of `tf.conv2d` or `tf.depthwiseConv2d` with dilations, which the one
 * of TensorFlow.js refuses: our kernels take them. Without, and on backends
 * that have none of ours, it is TensorFlow.js's own.
 */
export function dilatedGradient(
  name: DilatedKernel,
  { official, isOurs }: DilatedGradientOptions,
): tf.GradConfig {
  const [ofInput, ofFilter] = kernels[name];
  return {
    ...official,
    gradFunc(result, saved, given) {
      const attrs = given as unknown as ConvolutionAttrs;
      const isPlain = [attrs.dilations ?? 1].flat().every((step) => step === 1);
      if (isPlain || !isOurs(ofInput, tf.getBackend())) {
        return official.gradFunc(result, saved, given);
      }
      const dy = result as tf.Tensor;
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      return {
        x: () =>
          runKernel(ofInput, {
            inputs: { dy, filter },
            attrs: { ...attrs, inputShape: x.shape },
          })[0]!,
        filter: () =>
          runKernel(ofFilter, {
            inputs: { x, dy },
            attrs: { ...attrs, filterShape: filter.shape },
          })[0]!,
      };
    },
  };
}
