import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../common/run_kernel.ts";
import type { Tensor, Tensor1D } from "./tensors.ts";

/**
 * A bias for each channel, then relu if asked for, in one pass: what follows a
 * convolution of any stride and padding. Differentiable in both.
 *
 * @param x Shape `[..., c]`.
 * @param bias Shape `[c]`.
 * @returns The shape of x; the caller disposes it.
 */
export function addBias<T extends Tensor>(
  x: T,
  bias: Tensor1D,
  { relu = false }: { relu?: boolean } = {},
): T {
  return tf.tidy(() => {
    if (hasKernel("DupbenchAddBias")) {
      const call = { inputs: { x, bias }, attrs: { relu } };
      return runKernel("DupbenchAddBias", call)[0] as T;
    }
    const sum = tf.add(x, bias);
    return (relu ? tf.relu(sum) : sum) as T;
  });
}
