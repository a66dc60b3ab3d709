import * as tf from "@tensorflow/tfjs";
import type { ClipAttrs } from "./kernel.ts";
import { reluGradient } from "./relu_gradient.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/** A gradient where a number was between two bounds, and 0 elsewhere. */
function passInside(
  dy: tf.Tensor,
  x: tf.Tensor,
  bounds: ClipAttrs,
): tf.Tensor {
  return tf.customGrad((dy, x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    return {
      value: selectInside(dy as tf.Tensor, x as tf.Tensor, bounds),
      gradFunc: (result, [x]) => [
        passInside(result, x!, bounds),
        tf.zerosLike(x!),
      ],
    };
  })(dy, x);
}

/** The same without a gradient, in one kernel where the backend has it. */
function selectInside(
  dy: tf.Tensor,
  x: tf.Tensor,
  attrs: ClipAttrs,
): tf.Tensor {
  if (
    hasKernel("DupbenchClipGrad") && dy.dtype === "float32" &&
    x.dtype === "float32"
  ) {
    return runKernel("DupbenchClipGrad", { inputs: { dy, x }, attrs })[0]!;
  }
  const isInside = tf.logicalAnd(
    tf.greaterEqual(x, attrs.clipValueMin),
    tf.lessEqual(x, attrs.clipValueMax),
  );
  return tf.where(isInside, dy, tf.zerosLike(dy));
}

/**
 * Gradient of `tf.clipByValue`: that of TensorFlow.js, with a gradient of its own,
 * in which no logical operation takes part. Those have none.
 */
export const clipGradient: tf.GradConfig = {
  kernelName: "ClipByValue",
  inputsToSave: ["x"],
  gradFunc: (result, [x], attrs) => ({
    x: () => passInside(result as tf.Tensor, x!, attrs as unknown as ClipAttrs),
  }),
};

/**
 * Gradient of `tf.relu6`: that of relu, where x is at most 6. NaN stays NaN where
 * that of relu keeps it.
 */
export const relu6Gradient: tf.GradConfig = {
  kernelName: "Relu6",
  inputsToSave: ["x"],
  gradFunc: (result, saved, attrs) =>
    reluGradient.gradFunc(
      passInside(result as tf.Tensor, (saved as tf.Tensor[])[0]!, {
        clipValueMin: -Infinity,
        clipValueMax: 6,
      }),
      saved,
      attrs,
    ),
};
