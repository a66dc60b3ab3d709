import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../common/run_kernel.ts";
import type { Tensor4D } from "./tensors.ts";

/**
 * The sum of a branch and a shortcut, then relu if asked for (He et al. 2016,
 * arXiv:1512.03385, sec. 3.2). A shortcut of another size is read at every
 * `stride`-th pixel, and its missing channels are zeros (sec. 3.3, option A).
 * Differentiable in both.
 *
 * @param x The branch, shape `[b, h, w, c]`.
 * @param shortcut Shape `[b, h', w', c']` with `h = ceil(h' / stride)`,
 * `w = ceil(w' / stride)` and `c' <= c`.
 * @returns The shape of x; the caller disposes it.
 * @throws {RangeError} If the shapes do not fit.
 */
export function residualAdd(
  x: Tensor4D,
  shortcut: Tensor4D,
  { stride = 1, relu = false }: { stride?: number; relu?: boolean } = {},
): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, inHeight, inWidth, inChannels] = shortcut.shape;
  const fits = batch === rows && height === Math.ceil(inHeight / stride) &&
    width === Math.ceil(inWidth / stride) && inChannels <= channels;
  if (!fits) {
    throw new RangeError(
      `A shortcut of stride ${stride} must have the sizes of its branch [${
        x.shape.join(", ")
      }], got [${shortcut.shape.join(", ")}]`,
    );
  }
  return tf.tidy(() => {
    if (hasKernel("DupbenchResidualAdd")) {
      return runKernel("DupbenchResidualAdd", {
        inputs: { x, shortcut },
        attrs: { stride, relu },
      })[0] as tf.Tensor4D;
    }
    let other: tf.Tensor4D = shortcut;
    // Pooling of single pixels has a gradient, which `tf.stridedSlice` has not.
    if (stride > 1) other = tf.avgPool(other, 1, stride, "valid");
    if (inChannels < channels) {
      const none: [number, number] = [0, 0];
      other = tf.pad(other, [none, none, none, [0, channels - inChannels]]);
    }
    const sum = tf.add(x, other);
    return (relu ? tf.relu(sum) : sum) as tf.Tensor4D;
  });
}
