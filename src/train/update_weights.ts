import * as tf from "@tensorflow/tfjs";
import type { Classifier } from "../models/classifier.ts";
import { softmaxCrossEntropy } from "../kernels/ops/softmax_cross_entropy.ts";
import type { Optimizer } from "./optimizer.ts";

/** What one gradient step is taken on; see `Classifier.logits` for shapes. */
export interface UpdateBatch {
  /** Pixels in `[0, 1]`, shape `[b, h, w, c]`. */
  images: tf.Tensor4D;
  /** Weights of the classes, such as one-hot labels, shape `[b, k]`. */
  labels: tf.Tensor2D;
  /** Factors of each dropout layer; default: no dropout. */
  dropout?: readonly tf.Tensor[];
}

/**
 * Takes one gradient step on the mean cross-entropy of a batch.
 *
 * @param learningRate Of this step.
 * @returns The mean loss before the step, a scalar; the caller disposes it.
 */
export function updateWeights(
  classifier: Classifier,
  optimizer: Optimizer,
  { images, labels, dropout }: UpdateBatch,
  learningRate: number,
): tf.Scalar {
  const weights = [...classifier.weights];
  const lossOf = (): tf.Scalar =>
    tf.mean(
      softmaxCrossEntropy(classifier.logits(images, { dropout }), labels),
    );
  // Without weights, variableGrads() throws.
  if (weights.length === 0) return tf.tidy(lossOf);
  const { value, grads } = tf.variableGrads(lossOf, weights);
  const gradients = weights.map((weight) => grads[weight.name]!);
  optimizer.update(gradients, learningRate);
  tf.dispose(gradients);
  return value;
}
