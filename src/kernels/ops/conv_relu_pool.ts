import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor4D } from "../../core/tensors.ts";

/**
 * A convolutional block: `maxPool(relu(conv2d(x, filter, 1, "same") + bias))`
 * with 2x2 pooling. Differentiable in all three. Where the backend in use has
 * the fused kernels (wasm, once `registerTrainingKernels` was called, and
 * webgpu, opened by `openBackend`) and the
 * images have even sides and the outputs a multiple of 4 channels, it runs in
 * one pass; otherwise it is composed of TensorFlow.js operations. Values agree
 * to rounding. Only the gradients that are asked for are computed.
 *
 * @param x Images, shape `[b, h, w, c]`.
 * @param filter Shape `[kh, kw, c, o]`.
 * @param bias Shape `[o]`.
 * @returns Shape `[b, floor(h / 2), floor(w / 2), o]`; the caller disposes it.
 */
export function convReluPool(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D,
): Tensor4D {
  const [, height, width] = x.shape;
  const fused = height % 2 === 0 && width % 2 === 0 &&
    filter.shape[3] % 4 === 0 &&
    tf.getKernel("DupbenchConvReluPool", tf.getBackend()) !== undefined;
  return tf.tidy(() => {
    if (fused) {
      const [pooled] = tf.engine().runKernel("DupbenchConvReluPool", {
        x,
        filter,
        bias,
      }) as tf.Tensor[];
      return pooled as tf.Tensor4D;
    }
    const sums = tf.add(tf.conv2d(x, filter, 1, "same"), bias);
    return tf.maxPool(tf.relu(sums) as tf.Tensor4D, 2, 2, "valid");
  });
}

/** Gradients of the fused kernel; the winners are an output without one. */
export const convReluPoolGradient: tf.GradConfig = {
  kernelName: "DupbenchConvReluPool",
  inputsToSave: ["x", "filter"],
  outputsToSave: [false, true],
  gradFunc(dys, saved) {
    const [dy] = dys as tf.Tensor[];
    const [x, filter, winners] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const run = (
      which: string,
      inputs: tf.NamedTensorMap,
      attrs?: tf.NamedAttrMap,
    ) =>
      tf.engine().runKernel(
        `DupbenchConvReluPool${which}Grad`,
        { dy: dy!, winners, ...inputs },
        attrs,
      ) as tf.Tensor;
    return {
      x: () => run("Input", { filter }, { inputShape: x.shape }),
      filter: () => run("Filter", { x }, { filterShape: filter.shape }),
      bias: () => run("Bias", {}),
    };
  },
};
