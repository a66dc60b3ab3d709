import * as tf from "@tensorflow/tfjs";

/** Kernels whose gradients TensorFlow.js gives in the shape of the result. */
export const broadcastKernels = [
  "Maximum",
  "Minimum",
  "SquaredDifference",
] as const;

/**
 * A gradient for two tensors that are broadcast: that of TensorFlow.js, summed
 * over the places to which each number went. Without the sums it throws.
 *
 * @param official The gradient that TensorFlow.js registers.
 */
export function broadcastGradient(official: tf.GradConfig): tf.GradConfig {
  return {
    ...official,
    gradFunc(dy, saved, attrs) {
      const { a, b } = official.gradFunc(dy, saved, attrs);
      const [forA, forB] = saved as [tf.Tensor, tf.Tensor];
      return {
        a: () => sumTo(a!(), forA.shape),
        b: () => sumTo(b!(), forB.shape),
      };
    },
  };
}

/** Sums over the axes along which a shape is broadcast. */
function sumTo(x: tf.Tensor, shape: number[]): tf.Tensor {
  if (tf.util.arraysEqual(x.shape, shape)) return x;
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return tf.reshape(tf.sum(x, axes), shape);
}
