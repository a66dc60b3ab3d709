import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "./run_kernel.ts";

/**
 * Gradient of `tf.relu` in one pass where the backend has the kernel. On others
 * it is what TensorFlow.js computes: the gradient times the step function.
 */
export const reluGradient: tf.GradConfig = {
  kernelName: "Relu",
  inputsToSave: ["x"],
  gradFunc(result, saved) {
    const dy = result as tf.Tensor;
    const [x] = saved as [tf.Tensor];
    const isFused = hasKernel("DupbenchReluGrad") && x.dtype === "float32";
    return {
      x: () =>
        isFused
          ? runKernel("DupbenchReluGrad", { inputs: { dy, x }, attrs: {} })[0]!
          : tf.mul(dy, tf.cast(tf.step(x), "float32")),
    };
  },
};

/**
 * Gradient of that gradient: it is linear in `dy`, and constant in `x` but for
 * 0, where it counts as 0, as on other backends.
 */
export const reluGradGradient: tf.GradConfig = {
  kernelName: "DupbenchReluGrad",
  inputsToSave: ["x"],
  gradFunc(result, saved) {
    const dy = result as tf.Tensor;
    const [x] = saved as [tf.Tensor];
    return {
      dy: () =>
        runKernel("DupbenchReluGrad", { inputs: { dy, x }, attrs: {} })[0]!,
      x: () => tf.zerosLike(x),
    };
  },
};
