import * as tf from "@tensorflow/tfjs";

/** A gradient where a number was between two bounds, and 0 elsewhere. */
function passInside(
  dy: tf.Tensor,
  x: tf.Tensor,
  [least, most]: readonly [number, number],
): tf.Tensor {
  return tf.customGrad((dy, x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const isInside = tf.logicalAnd(
      tf.greaterEqual(x as tf.Tensor, least),
      tf.lessEqual(x as tf.Tensor, most),
    );
    return {
      value: tf.where(isInside, dy as tf.Tensor, tf.zerosLike(dy as tf.Tensor)),
      gradFunc: (result, [x]) => [
        passInside(result, x!, [least, most]),
        tf.zerosLike(x!),
      ],
    };
  })(dy, x);
}

/**
 * Gradient of `tf.clipByValue`: that of TensorFlow.js, with a gradient of its own,
 * in which no logical operation takes part. Those have none.
 */
export const clipGradient: tf.GradConfig = {
  kernelName: "ClipByValue",
  inputsToSave: ["x"],
  gradFunc(result, [x], attrs) {
    const { clipValueMin, clipValueMax } = attrs as unknown as Record<
      "clipValueMin" | "clipValueMax",
      number
    >;
    return {
      x: () =>
        passInside(result as tf.Tensor, x!, [clipValueMin, clipValueMax]),
    };
  },
};
