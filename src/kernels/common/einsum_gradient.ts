import * as tf from "@tensorflow/tfjs";
import { einsumLabels } from "./einsum_labels.ts";

/**
 * Gradient of `tf.einsum`, which TensorFlow.js has for no backend: for each tensor
 * an Einstein summation of the result's gradient and of the other tensors. A
 * label that only this tensor has is summed over, so that the gradient repeats
 * along it.
 */
export const einsumGradient: tf.GradConfig = {
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc(result, inputs, attrs) {
    const dy = result as tf.Tensor;
    const { terms, output } = einsumLabels(
      (attrs as unknown as { equation: string }).equation,
    );
    return Object.fromEntries(inputs.map((x, i) => {
      const others = inputs.filter((_, j) => j !== i);
      const labels = [output, ...terms.filter((_, j) => j !== i)];
      const given = terms[i]!.filter((label) =>
        labels.some((term) => term.includes(label))
      );
      const equation = `${labels.map((term) => term.join("")).join(",")}->${
        given.join("")
      }`;
      return [`${i}`, () => {
        const dx = tf.einsum(equation, dy, ...others);
        const shape = x.shape.map((size, axis) =>
          given.includes(terms[i]![axis]!) ? size : 1
        );
        return tf.mul(tf.reshape(dx, shape), tf.onesLike(x));
      }];
    }));
  },
};
