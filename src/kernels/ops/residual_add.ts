import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../common/run_kernel.ts";
import type { Tensor } from "./tensors.ts";

type Shape4D = [number, number, number, number];

/**
 * The sum of a branch and a shortcut, then relu if asked for (He et al. 2016,
 * arXiv:1512.03385, sec. 3.2). A shortcut of another size is read at every
 * `stride`-th pixel, and its missing channels are zeros (sec. 3.3, option A).
 * Differentiable in both.
 *
 * @param x The branch, shape `[b, h, w, c]`, or any shape.
 * @param shortcut The same shape; or `[b, h', w', c']` with `h = ceil(h' / stride)`,
 * `w = ceil(w' / stride)` and `c' <= c`.
 * @returns The shape of x; the caller disposes it.
 * @throws {RangeError} If the shapes do not fit.
 */
export function residualAdd<T extends Tensor>(
  x: T,
  shortcut: T,
  { stride = 1, relu = false }: { stride?: number; relu?: boolean } = {},
): T {
  if (!fits(x.shape, shortcut.shape, stride)) {
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
      })[0] as T;
    }
    const sum = tf.add(x, fitted(shortcut, x.shape, stride));
    return (relu ? tf.relu(sum) : sum) as T;
  });
}

function fits(
  shape: readonly number[],
  other: readonly number[],
  stride: number,
): boolean {
  if (stride === 1 && tf.util.arraysEqual([...shape], [...other])) return true;
  if (shape.length !== 4 || other.length !== 4) return false;
  const [batch, height, width, channels] = shape as Shape4D;
  const [rows, inHeight, inWidth, inChannels] = other as Shape4D;
  return batch === rows && height === Math.ceil(inHeight / stride) &&
    width === Math.ceil(inWidth / stride) && inChannels <= channels;
}

/** A shortcut in the size of its branch, by TensorFlow.js operations. */
function fitted(
  shortcut: tf.Tensor,
  shape: readonly number[],
  stride: number,
): tf.Tensor {
  if (tf.util.arraysEqual([...shape], shortcut.shape)) return shortcut;
  let other = shortcut as tf.Tensor4D;
  // Pooling of single pixels has a gradient, which `tf.stridedSlice` has not.
  if (stride > 1) other = tf.avgPool(other, 1, stride, "valid");
  const missing = shape[3]! - other.shape[3];
  const none: [number, number] = [0, 0];
  return missing > 0 ? tf.pad(other, [none, none, none, [0, missing]]) : other;
}
