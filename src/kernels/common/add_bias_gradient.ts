import * as tf from "@tensorflow/tfjs";
import type { KernelSignatures } from "./kernel.ts";
import { passRelu } from "./residual_add_gradient.ts";

/** Gradients of a bias for each channel and relu. */
export const addBiasGradient: tf.GradConfig = {
  kernelName: "DupbenchAddBias",
  outputsToSave: [true],
  gradFunc(result, saved, given) {
    const [y] = saved as [tf.Tensor];
    const { relu } =
      given as unknown as KernelSignatures["DupbenchAddBias"]["attrs"];
    const live = () => passRelu(result as tf.Tensor, y, relu);
    return {
      x: live,
      // TensorFlow.js cannot sum nothing on webgpu.
      bias: () =>
        y.size === 0
          ? tf.zeros([y.shape.at(-1)!])
          : tf.sum(live(), y.shape.slice(0, -1).map((_, axis) => axis)),
    };
  },
};
