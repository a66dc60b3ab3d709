import * as tf from "@tensorflow/tfjs";

/**
 * The nearest point to `images` in the L-infinity ball and the pixel range. Two
 * clips give it, because both sets are boxes and the centre is in the pixel
 * range.
 *
 * @returns Shape of `images`; the caller disposes it.
 */
export function projectLinf(
  images: tf.Tensor4D,
  original: tf.Tensor4D,
  epsilon: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const shift = tf.clipByValue(
      tf.sub(images, original) as tf.Tensor4D,
      -epsilon,
      epsilon,
    );
    return tf.clipByValue(tf.add(original, shift) as tf.Tensor4D, 0, 1);
  });
}
