import * as tf from "@tensorflow/tfjs";
import { withRoundingOf } from "./rounding_of.ts";
import type { PoolingAttrs } from "./window.ts";

/**
 * For each window, the number at the place of its maximum: the pixel that max
 * pooling chose; where several are equal the first of an image, the last of a
 * volume, as the gradients take them.
 *
 * @param numbers Of the shape of `x`.
 * @param y Maxima of x.
 */
function pickWinners(
  numbers: tf.Tensor,
  { x, y }: { x: tf.Tensor; y: tf.Tensor },
  attrs: PoolingAttrs,
): tf.Tensor {
  const rank = x.rank - 2;
  const channels = x.shape.at(-1)!;
  const sizes = [attrs.filterSize].flat();
  const window = sizes.length === 1
    ? Array<number>(rank).fill(sizes[0]!)
    : sizes;
  const size = tf.util.sizeFromShape(window);
  const filterShape = [...window, channels, channels];
  const rounded = withRoundingOf(attrs, { x, dy: y, filterShape });
  let picked: tf.Tensor = tf.zerosLike(y);
  let rest: tf.Tensor = tf.onesLike(y);
  for (let step = 0; step < size; step++) {
    const place = rank === 2 ? step : size - 1 - step;
    // A convolution that takes one pixel of each window.
    const isPlace = Array.from({ length: size }, (_, i) => i === place ? 1 : 0);
    const filter = tf.reshape(
      tf.mul(tf.tensor3d(isPlace, [size, 1, 1]), tf.eye(channels)),
      filterShape,
    );
    const take = (from: tf.Tensor): tf.Tensor =>
      tf.engine().runKernel(rank === 2 ? "Conv2D" : "Conv3D", {
        x: from,
        filter,
      }, {
        ...rounded,
        dataFormat: rank === 2 ? "NHWC" : "NDHWC",
        dilations: Array<number>(rank).fill(1),
      } as unknown as tf.NamedAttrMap);
    const isInside = take(tf.onesLike(x));
    const isEqual = tf.cast(tf.equal(take(x), y), "float32");
    const wins = tf.mul(rest, tf.mul(isInside, isEqual));
    picked = tf.add(picked, tf.mul(wins, take(numbers)));
    rest = tf.sub(rest, wins);
  }
  return picked;
}

/**
 * Gradients of the gradients of max pooling, which TensorFlow.js has for no
 * backend: they are linear in dy, and constant in the other inputs. Composed of
 * convolutions, so they are slow.
 */
export const maxPoolGradGradients: readonly tf.GradConfig[] = [
  "MaxPoolGrad",
  "MaxPool3DGrad",
].map((kernelName) => ({
  kernelName,
  inputsToSave: ["input", "output"],
  gradFunc(result, saved, attrs) {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    return {
      dy: () =>
        pickWinners(
          result as tf.Tensor,
          { x, y },
          attrs as unknown as PoolingAttrs,
        ),
      input: () => tf.zerosLike(x),
      output: () => tf.zerosLike(y),
    };
  },
}));
