import * as tf from "@tensorflow/tfjs";

/** Curvatures and lowest point of the bowl, one per pixel of 1x2x3. */
export const curvatures = [3, 0.5, 1, 2, 0.25, 4];
/** Where the true class scores least. */
export const bottom = [0.52, 0.47, 0.55, 0.91, 0.03, 0.5];

/**
 * Two classes: class 0 scores `1 + sum a (x - c)^2`, class 1 nothing. No image
 * is misclassified, and the worst one is, pixel by pixel, the point of the ball
 * and of [0, 1] nearest to `bottom`.
 */
export const bowl = (x: tf.Tensor4D): tf.Tensor2D =>
  tf.tidy(() => {
    const away = tf.sub(tf.reshape(x, [x.shape[0], 6]), tf.tensor1d(bottom));
    const score = tf.add(
      tf.sum(
        tf.mul(tf.mul(away, away), tf.tensor1d(curvatures)),
        1,
        true,
      ),
      1,
    );
    return tf.concat([score, tf.zerosLike(score)], 1) as tf.Tensor2D;
  });

/** The worst image of the bowl, in closed form. */
export function worstOfBowl(image: number[], epsilon: number): number[] {
  return image.map((v, i) =>
    Math.min(1, v + epsilon, Math.max(0, v - epsilon, bottom[i]!))
  );
}
