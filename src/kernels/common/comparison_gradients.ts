import * as tf from "@tensorflow/tfjs";

/**
 * Gradients of comparisons: 0, as they are constant but for jumps. TensorFlow.js
 * has none, so that its gradients of `relu6` and `prelu`, which compare,
 * have none.
 */
export const comparisonGradients: readonly tf.GradConfig[] = [
  "Equal",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "NotEqual",
].map((kernelName) => ({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc: (_dy, saved) => ({
    a: () => tf.zeros((saved as tf.Tensor[])[0]!.shape),
    b: () => tf.zeros((saved as tf.Tensor[])[1]!.shape),
  }),
}));
