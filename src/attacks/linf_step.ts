import * as tf from "@tensorflow/tfjs";

/**
 * One ascent step of an L-infinity attack: along the sign of the gradient, back
 * into the ball around the original, then into the pixel range.
 *
 * @param current Where the attack stands, shape `[b, h, w, c]`.
 * @param gradient Of the loss for `current`, same shape.
 * @param original Centre of the ball, same shape, pixels in `[0, 1]`.
 * @param options `epsilon`: radius; `stepSize`: both in pixel units.
 * @returns Next point, same shape; the caller disposes it.
 */
export function linfStep(
  current: tf.Tensor4D,
  gradient: tf.Tensor4D,
  original: tf.Tensor4D,
  { epsilon, stepSize }: { epsilon: number; stepSize: number },
): tf.Tensor4D {
  return tf.tidy(() => {
    const moved = tf.add(current, tf.mul(tf.sign(gradient), stepSize));
    return projectLinf(moved as tf.Tensor4D, original, epsilon);
  });
}

/**
 * The point nearest to `images` in the L-infinity ball and the pixel range.
 * The two clips commute with being nearest because both sets are boxes and the
 * centre lies in the pixel range.
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
