import * as tf from "@tensorflow/tfjs";
import type { KernelCall, KernelName } from "./kernel.ts";

/** Whether the backend in use has a kernel. */
export function hasKernel(name: KernelName): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * Runs a kernel of the backend in use, with the gradient that is registered for
 * it.
 *
 * @returns Its results; the caller disposes them.
 */
export function runKernel<Name extends KernelName>(
  name: Name,
  { inputs, attrs }: KernelCall<Name>,
): tf.Tensor[] {
  const results = tf.engine().runKernel(
    name,
    inputs as unknown as tf.NamedTensorMap,
    attrs as tf.NamedAttrMap,
  ) as tf.Tensor | tf.Tensor[];
  return Array.isArray(results) ? results : [results];
}
