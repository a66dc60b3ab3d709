import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor2D } from "../core/tensors.ts";

/**
 * Softmax cross-entropy of each row, in nats. Its gradient for the logits,
 * `softmax - labels`, is given in closed form, so that one backward pass costs
 * no more than the softmax. Nothing is differentiated for the labels.
 *
 * @param logits Shape `[b, k]`, any finite values.
 * @param labels One-hot rows, shape `[b, k]`.
 * @returns Losses, shape `[b]`, each at least 0; the caller disposes them.
 */
export function crossEntropy(
  logits: Tensor2D,
  labels: Tensor2D,
): Tensor1D {
  const perRow = tf.customGrad((x, save) => {
    const shifted = tf.sub(x as tf.Tensor, tf.max(x as tf.Tensor, 1, true));
    const exponentials = tf.exp(shifted);
    const sums = tf.sum(exponentials, 1, true);
    const value = tf.sub(
      tf.log(tf.squeeze(sums, [1])),
      tf.sum(tf.mul(shifted, labels), 1),
    );
    (save as tf.GradSaveFunc)([tf.div(exponentials, sums), labels]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(tf.sub(saved[0]!, saved[1]!), tf.expandDims(dy, 1)),
    };
  });
  return perRow(logits) as tf.Tensor1D;
}
