import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor2D } from "./tensors.ts";
import { hasKernelFor, runKernel } from "../common/run_kernel.ts";

/**
 * Softmax cross-entropy of each row, in nats, differentiable for the logits but
 * not for the labels. On wasm (in float64) and webgpu it is one kernel, which
 * also gives the gradient; elsewhere it is composed of TensorFlow.js operations.
 *
 * @param logits Shape `[b, k]`.
 * @param labels Weights of the classes, for example one-hot rows, shape `[b, k]`,
 * of any type.
 * @returns Losses, shape `[b]`; the caller disposes them.
 */
export function softmaxCrossEntropy(
  logits: Tensor2D,
  labels: Tensor2D,
): Tensor1D {
  return tf.tidy(() => {
    // `tf.oneHot` gives int32.
    if (labels.dtype !== "float32") labels = tf.cast(labels, "float32");
    const inputs = [logits, labels];
    if (
      logits.rank === 2 && hasKernelFor("DupbenchSoftmaxCrossEntropy", inputs)
    ) {
      const call = { inputs: { logits, labels }, attrs: {} };
      return runKernel("DupbenchSoftmaxCrossEntropy", call)[0] as tf.Tensor1D;
    }
    const lost = tf.mul(tf.logSoftmax(logits), labels);
    return tf.neg(tf.sum(lost, 1)) as tf.Tensor1D;
  });
}
