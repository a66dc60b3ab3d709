import * as tf from "@tensorflow/tfjs";

/**
 * How many images have a gradient of all zeros: a sign that an attack is blind
 * there.
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
