import * as tf from "@tensorflow/tfjs";

/**
 * Gradient of `tf.matMul` for batches that broadcast, whose sum over the copies
 * that of TensorFlow.js leaves out, so that it throws.
 *
 * @param official The gradient that TensorFlow.js registers.
 */
export function batchMatMulGradient(official: tf.GradConfig): tf.GradConfig {
  return {
    ...official,
    gradFunc(dy, saved, attrs) {
      const gradients = official.gradFunc(dy, saved, attrs);
      const names = ["a", "b"];
      return Object.fromEntries(names.map((name, i) => {
        const { shape } = saved[i]!;
        return [name, () => {
          const all = gradients[name]!();
          const axes = tf.backend_util.getReductionAxes(
            shape.slice(0, -2),
            all.shape.slice(0, -2),
          );
          return axes.length === 0 ? all : tf.reshape(tf.sum(all, axes), shape);
        }];
      }));
    },
  };
}
