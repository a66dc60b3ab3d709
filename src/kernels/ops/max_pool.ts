import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../common/run_kernel.ts";
import { hasNotedWinners, type PoolingAttrs } from "../common/window.ts";
import type { Tensor4D } from "./tensors.ts";

/**
 * Max pooling. Differentiable: the gradient of a window goes to its first
 * maximum, as on the cpu backend and in PyTorch. Where our kernels are
 * registered, the forward pass notes which pixels won; elsewhere it is
 * TensorFlow.js's own.
 *
 * @param x Shape `[b, h, w, c]`.
 * @param attrs `filterSize`, `strides`, `pad`, `dimRoundingMode` as in
 * `tf.maxPool`.
 * @returns Shape `[b, h', w', c]`; the caller disposes it.
 */
export function maxPool(x: Tensor4D, attrs: PoolingAttrs): Tensor4D {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return tf.tidy(() => {
    if (hasKernel("DupbenchMaxPool") && hasNotedWinners(x, attrs)) {
      const call = { inputs: { x }, attrs };
      return runKernel("DupbenchMaxPool", call)[0] as tf.Tensor4D;
    }
    return tf.maxPool(
      x,
      filterSize,
      strides,
      pad as "same" | "valid" | number,
      dimRoundingMode,
    );
  });
}
