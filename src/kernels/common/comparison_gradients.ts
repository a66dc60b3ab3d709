import * as tf from "@tensorflow/tfjs";

const zeros = (tensors: readonly tf.Tensor[], names: readonly string[]) =>
  Object.fromEntries(
    names.map((name, i) => [name, () => tf.zeros(tensors[i]!.shape)]),
  );

const gradientOf = (kernelName: string, names: string[]): tf.GradConfig => ({
  kernelName,
  inputsToSave: names,
  gradFunc: (_dy, saved) => zeros(saved as tf.Tensor[], names),
});

/**
 * Gradients of comparisons: 0, as they are constant but for jumps. TensorFlow.js
 * has none, so that its gradients of clips, `relu6` and `prelu`, which compare,
 * have none.
 */
export const comparisonGradients: readonly tf.GradConfig[] = [
  ...[
    "Equal",
    "Greater",
    "GreaterEqual",
    "Less",
    "LessEqual",
    "LogicalAnd",
    "LogicalOr",
    "NotEqual",
  ].map((name) => gradientOf(name, ["a", "b"])),
  gradientOf("LogicalNot", ["x"]),
];
