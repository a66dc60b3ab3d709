import * as tf from "@tensorflow/tfjs";
import { runKernel } from "./run_kernel.ts";
import type { ConvolutionAttrs } from "./window.ts";

/**
 * Gradient of `tf.conv2d` with dilations, which the one of TensorFlow.js refuses:
 * the kernels of the wasm backend take them. Without, it is TensorFlow.js's own.
 *
 * @param official The gradient that TensorFlow.js registers.
 */
export function conv2dGradient(official: tf.GradConfig): tf.GradConfig {
  return {
    ...official,
    gradFunc(result, saved, given) {
      const attrs = given as unknown as ConvolutionAttrs;
      const isPlain = [attrs.dilations ?? 1].flat().every((step) => step === 1);
      if (isPlain || tf.getBackend() !== "wasm") {
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
