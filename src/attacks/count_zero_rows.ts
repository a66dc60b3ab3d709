import * as tf from "@tensorflow/tfjs";

/**
 * Number of images whose gradient is all zeros: a sign that a gradient attack
 * has no direction there.
 *
 * @param gradient Shape `[b, h, w, c]`.
 * @returns A scalar; the caller disposes it.
 */
export function countZeroRows(gradient: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const largest = tf.max(tf.abs(gradient), [1, 2, 3]);
    return tf.sum(tf.cast(tf.equal(largest, 0), "float32")) as tf.Scalar;
  });
}
