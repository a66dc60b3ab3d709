import * as tf from "@tensorflow/tfjs";
import { withRoundingOf } from "./rounding_of.ts";
import type { PoolingAttrs } from "./window.ts";

/**
 * Gradient of the gradient of average pooling, which TensorFlow.js has for no
 * backend. The gradient gives each pixel one part of the whole window, so its own
 * divides by the whole window, too, where the mean divides by the pixels inside.
 */
export const avgPoolGradGradient: tf.GradConfig = {
  kernelName: "AvgPoolGrad",
  inputsToSave: ["dy", "input"],
  gradFunc(result, saved, given) {
    const dx = result as tf.Tensor;
    const [dy, x] = saved as [tf.Tensor, tf.Tensor];
    const { filterSize } = given as unknown as PoolingAttrs;
    const [height, width = height] = [filterSize].flat() as [number, number?];
    const [, rows, columns] = x.shape as [number, number, number];
    const attrs = withRoundingOf(given, {
      x,
      dy,
      filterShape: [height, width, x.shape[3]!, 1],
    });
    return {
      dy: () => {
        const share = tf.engine().runKernel("Conv2D", {
          x: tf.ones([1, rows, columns, 1]),
          filter: tf.fill([height, width, 1, 1], 1 / (height * width)),
        }, {
          ...attrs,
          dataFormat: "NHWC",
          dilations: [1, 1],
        } as unknown as tf.NamedAttrMap) as tf.Tensor;
        const means = tf.engine().runKernel("AvgPool", { x: dx }, attrs);
        return tf.mul(means as tf.Tensor, share);
      },
      input: () => tf.zerosLike(x),
    };
  },
};
