import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor4D } from "./tensors.ts";
import { hasKernel, runKernel } from "../common/run_kernel.ts";

/**
 * A convolutional block: `maxPool(relu(conv2d(x, filter, 1, "same") + bias))`
 * with 2x2 pooling. Differentiable in all three. It runs in one pass if the
 * backend in use has the fused kernels (wasm after `registerTrainingKernels`,
 * webgpu after `openBackend`), the images have even sides and the count of
 * output channels is a multiple of 4; otherwise it is composed of TensorFlow.js
 * operations. Values agree to rounding. Only the gradients that are asked for
 * are computed.
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
  const [, height, width, channels] = x.shape;
  const [, , inputs, outputs] = filter.shape;
  // Others are refused or converted as TensorFlow.js has it.
  const isFused = height % 2 === 0 && width % 2 === 0 && outputs % 4 === 0 &&
    channels === inputs && bias.shape.join() === `${outputs}` &&
    [x, filter, bias].every(({ dtype }) => dtype === "float32") &&
    hasKernel("DupbenchConvReluPool");
  return tf.tidy(() => {
    if (isFused) {
      const inputs = { x, filter, bias };
      const call = { inputs, attrs: {} };
      return runKernel("DupbenchConvReluPool", call)[0] as tf.Tensor4D;
    }
    const sums = tf.add(tf.conv2d(x, filter, 1, "same"), bias);
    return tf.maxPool(tf.relu(sums) as tf.Tensor4D, 2, 2, "valid");
  });
}
