import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../common/run_kernel.ts";
import type { Tensor2D, Tensor4D } from "./tensors.ts";

/**
 * The mean over all pixels of each channel. Differentiable. Summed in float64 on
 * wasm.
 *
 * @param x Shape `[b, h, w, c]`, `h` and `w` above 0.
 * @returns Shape `[b, c]`; the caller disposes it.
 */
export function globalAvgPool(x: Tensor4D): Tensor2D {
  return tf.tidy(() =>
    hasKernel("DupbenchGlobalAvgPool")
      ? runKernel("DupbenchGlobalAvgPool", { inputs: { x }, attrs: {} })[
        0
      ] as tf.Tensor2D
      : tf.mean(x, [1, 2])
  );
}
