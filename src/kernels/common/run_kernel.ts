import * as tf from "@tensorflow/tfjs";
import type { KernelCall, KernelName } from "./kernel.ts";

/** Whether the backend in use has a kernel. */
export function hasKernel(name: KernelName): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * Whether the backend in use has a kernel of ours that can take these tensors
 * together: it has no conversions, so all must be float32, and of one shape.
 */
export function hasKernelFor(
  name: KernelName,
  tensors: readonly tf.Tensor[],
): boolean {
  return hasKernel(name) &&
    tensors.every(({ dtype, shape }) =>
      dtype === "float32" && tf.util.arraysEqual(shape, tensors[0]!.shape)
    );
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
