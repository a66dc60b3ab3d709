import * as tf from "@tensorflow/tfjs";

/** A gradient of a sum over axes, at every place that was summed. */
function spread(
  dy: tf.Tensor,
  { shape }: tf.Tensor,
  axis: unknown,
): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], shape);
  const kept = shape.map((size, i) => axes.includes(i) ? 1 : size);
  return tf.util.sizeFromShape(shape) === 0
    ? tf.zeros(shape)
    : tf.broadcastTo(tf.reshape(dy, kept), shape);
}

/**
 * Gradients of `tf.sum`, `tf.mean` and `tf.tile` by copies and sums of whole
 * blocks. Those of TensorFlow.js multiply by a tensor of ones, which they make
 * each time, and add slices one by one, of four axes at most.
 */
export const spreadGradients: readonly tf.GradConfig[] = [
  {
    kernelName: "Sum",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => spread(dy as tf.Tensor, x!, axis),
    }),
  },
  {
    kernelName: "Mean",
    inputsToSave: ["x"],
    gradFunc: (result, [x], { axis }) => ({
      x() {
        const dy = result as tf.Tensor;
        return spread(tf.div(dy, x!.size / dy.size), x!, axis);
      },
    }),
  },
  {
    kernelName: "Tile",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], { reps }) => ({
      x: () => sumCopies(dy as tf.Tensor, x!, reps as number[]),
    }),
  },
];

/**
 * Gradients of `tf.split` and `tf.unstack`. Those of TensorFlow.js throw where
 * there is one part.
 */
export const splitGradients: readonly tf.GradConfig[] = [
  {
    kernelName: "SplitV",
    gradFunc: (dy, _saved, { axis }) => ({
      x: () => tf.concat([dy].flat(), axis as number),
    }),
  },
  {
    kernelName: "Unpack",
    gradFunc: (dy, _saved, { axis }) => ({
      value: () => tf.stack([dy].flat(), axis as number),
    }),
  },
];

/** Sums of the copies that `tf.tile` made, one axis at a time. */
function sumCopies(
  dy: tf.Tensor,
  { shape }: tf.Tensor,
  reps: readonly number[],
): tf.Tensor {
  const sizeFrom = (i: number) =>
    tf.util.sizeFromShape(shape.slice(i)) *
    tf.util.sizeFromShape(reps.slice(i));
  const sums = reps.reduce<tf.Tensor>((sum, times, i) => {
    if (times === 1) return sum;
    const before = tf.util.sizeFromShape(shape.slice(0, i));
    const after = shape[i]! * sizeFrom(i + 1);
    return tf.sum(tf.reshape(sum, [before, times, after]), 1);
  }, dy);
  return tf.reshape(sums, shape);
}
