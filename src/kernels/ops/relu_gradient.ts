import * as tf from "@tensorflow/tfjs";

/**
 * Gradient of `tf.relu` in one pass where the backend has the kernel. On the
 * others it is what TensorFlow.js does: the gradient times the step function.
 */
export const reluGradient: tf.GradConfig = {
  kernelName: "Relu",
  inputsToSave: ["x"],
  gradFunc(dy, saved) {
    const [x] = saved as [tf.Tensor];
    const fused = tf.getKernel("DupbenchReluGrad", tf.getBackend());
    return {
      x: () =>
        fused !== undefined && x.dtype === "float32"
          ? tf.engine().runKernel("DupbenchReluGrad", {
            dy: dy as tf.Tensor,
            x,
          }) as tf.Tensor
          : tf.mul(dy as tf.Tensor, tf.cast(tf.step(x), "float32")),
    };
  },
};
