import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "./tensors.ts";
import { hasKernelFor, runKernel } from "../common/run_kernel.ts";

/**
 * One ascent step of an L-infinity attack (Madry et al. 2018,
 * arXiv:1706.06083, sec. 2.1): along the sign of the gradient, back into the
 * ball around the original, then into `[0, 1]`. One pass over memory where our
 * kernels are registered, composed of TensorFlow.js operations elsewhere; on
 * wasm both give the same bits.
 *
 * @param current Images so far, any shape.
 * @param gradient Gradient of the loss at `current`, same shape.
 * @param original Centre of the ball, same shape.
 * @param options `epsilon`: radius; `stepSize`; both in pixel units.
 * @returns The next images, same shape; the caller disposes it.
 */
export function linfStep<T extends Tensor>(
  current: T,
  gradient: T,
  original: T,
  { epsilon, stepSize }: { epsilon: number; stepSize: number },
): T {
  if (hasKernelFor("DupbenchLinfStep", [current, gradient, original])) {
    return runKernel("DupbenchLinfStep", {
      inputs: { current, gradient, original },
      attrs: { epsilon, stepSize },
    })[0] as T;
  }
  return tf.tidy(() => {
    const moved = tf.add(current, tf.mul(tf.sign(gradient), stepSize));
    const shift = tf.clipByValue(tf.sub(moved, original), -epsilon, epsilon);
    return tf.clipByValue(tf.add(original, shift), 0, 1) as T;
  });
}
