import * as tf from "@tensorflow/tfjs";
import type { Tensor1D, Tensor2D } from "../../core/tensors.ts";

/**
 * Softmax cross-entropy of each row, in nats, differentiable for the logits
 * (not for the labels). One kernel on wasm (in float64) and webgpu, which also gives
 * the gradient; composed elsewhere.
 *
 * @param logits Shape `[b, k]`.
 * @param labels Weights of the classes, such as one-hot rows, shape `[b, k]`.
 * @returns Losses, shape `[b]`; the caller disposes them.
 */
export function softmaxCrossEntropy(
  logits: Tensor2D,
  labels: Tensor2D,
): Tensor1D {
  const name = "DupbenchSoftmaxCrossEntropy";
  const fused = tf.getKernel(name, tf.getBackend()) !== undefined;
  return tf.tidy(() => {
    if (fused) {
      const inputs = { logits, labels };
      return (tf.engine().runKernel(name, inputs) as tf.Tensor1D[])[0]!;
    }
    const lost = tf.mul(tf.logSoftmax(logits), labels);
    return tf.neg(tf.sum(lost, 1)) as tf.Tensor1D;
  });
}

/** Gradient of the fused kernel: the one it computed, times that of the loss. */
export const softmaxCrossEntropyGradient: tf.GradConfig = {
  kernelName: "DupbenchSoftmaxCrossEntropy",
  outputsToSave: [false, true],
  gradFunc(dys, saved) {
    const [dy] = dys as tf.Tensor[];
    return {
      logits: () => tf.mul(saved[0]!, tf.expandDims(dy!, 1)),
    };
  },
};
