import * as tf from "@tensorflow/tfjs";
import type { KernelName } from "./kernel.ts";
import { runKernel } from "./run_kernel.ts";
import type { ConvolutionAttrs } from "./window.ts";

/** What the gradient builds on. */
export interface Conv2dGradientOptions {
  /** The gradient that TensorFlow.js registers. */
  readonly official: tf.GradConfig;
  /** Whether a backend has our kernel of a name. */
  readonly isOurs: (kernel: KernelName, backend: string) => boolean;
}

/**
 * Gradient of `tf.conv2d` with dilations, which the one of TensorFlow.js refuses:
 * our kernels take them. Without, and on backends that have none of ours, it is
 * TensorFlow.js's own.
 */
export function conv2dGradient(
  { official, isOurs }: Conv2dGradientOptions,
): tf.GradConfig {
  return {
    ...official,
    gradFunc(result, saved, given) {
      const attrs = given as unknown as ConvolutionAttrs;
      const isPlain = [attrs.dilations ?? 1].flat().every((step) => step === 1);
      if (isPlain || !isOurs("Conv2DBackpropInput", tf.getBackend())) {
        return official.gradFunc(result, saved, given);
      }
      const dy = result as tf.Tensor;
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      return {
        x: () =>
          runKernel("Conv2DBackpropInput", {
            inputs: { dy, filter },
            attrs: { ...attrs, inputShape: x.shape },
          })[0]!,
        filter: () =>
          runKernel("Conv2DBackpropFilter", {
            inputs: { x, dy },
            attrs: { ...attrs, filterShape: filter.shape },
          })[0]!,
      };
    },
  };
}
