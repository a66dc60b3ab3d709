import * as tf from "@tensorflow/tfjs";
import type { Scalar, Tensor4D } from "../core/tensors.ts";

/**
 * Counts the images whose gradient is all zeros: there an attack is blind.
 *
 * @param gradient Shape `[b, h, w, c]`.
 * @returns A scalar; the caller disposes it.
 */
export function countZeroRows(gradient: Tensor4D): Scalar {
  return tf.tidy(() => {
    const largest = tf.max(tf.abs(gradient), [1, 2, 3]);
    return tf.sum(tf.cast(tf.equal(largest, 0), "float32"));
  });
}
