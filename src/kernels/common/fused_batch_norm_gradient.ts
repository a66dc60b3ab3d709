import * as tf from "@tensorflow/tfjs";
import type { NormaliseAttrs } from "./kernel.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/** What the sums over the images depend on. */
interface Normalised {
  readonly dy: tf.Tensor;
  readonly x: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

const inverseOf = (variance: tf.Tensor, epsilon: number) =>
  tf.rsqrt(tf.add(variance, epsilon));

/**
 * Gradient of `tf.batchNorm` with one mean and variance per channel: two passes
 * over the images where that of TensorFlow.js takes a dozen. Others are left to it.
 *
 * @param official The gradient that TensorFlow.js registers.
 */
export function fusedBatchNormGradient(
  official: tf.GradConfig,
): tf.GradConfig {
  return {
    ...official,
    gradFunc(result, saved, attrs) {
      const [x, mean, variance, scale] = saved as tf.Tensor[];
      const channels = x!.shape.at(-1);
      const isChannels = [mean, variance, scale].every((values) =>
        values?.rank === 1 && values.size === channels
      );
      if (!isChannels) return official.gradFunc(result, saved, attrs);
      const dy = result as tf.Tensor;
      const epsilon = attrs.varianceEpsilon as unknown as number;
      const [dscale, doffset] = sumOver(
        { dy, x: x!, mean: mean!, variance: variance! },
        epsilon,
      );
      const inverse = inverseOf(variance!, epsilon);
      const factor = tf.mul(inverse, scale!);
      return {
        x: () => tf.mul(dy, factor),
        mean: () => tf.neg(tf.mul(doffset, factor)),
        variance: () => tf.mul(tf.mul(dscale, factor), tf.mul(inverse, -0.5)),
        // Others use them, too, and who gets a gradient may dispose it.
        scale: () => tf.clone(dscale),
        offset: () => tf.clone(doffset),
      };
    },
  };
}

/** The gradients for scale and offset: sums over all rows of each channel. */
function sumOver(
  { dy, x, mean, variance }: Normalised,
  epsilon: number,
): [tf.Tensor, tf.Tensor] {
  const inputs = { dy, x, mean, variance };
  if (
    hasKernel("DupbenchNormaliseSums") &&
    Object.values(inputs).every(({ dtype }) => dtype === "float32")
  ) {
    const attrs = { epsilon, relu: false };
    return runKernel("DupbenchNormaliseSums", { inputs, attrs }) as [
      tf.Tensor,
      tf.Tensor,
    ];
  }
  const axes = x.shape.slice(1).map((_, i) => i);
  const normalised = tf.mul(tf.sub(x, mean), inverseOf(variance, epsilon));
  return [tf.sum(tf.mul(dy, normalised), axes), tf.sum(dy, axes)];
}

/** Gradient of those sums, where no relu takes part. */
export const normaliseSumsGradient: tf.GradConfig = {
  kernelName: "DupbenchNormaliseSums",
  inputsToSave: ["dy", "x", "mean", "variance"],
  gradFunc(results, saved, attrs) {
    const { epsilon, relu } = attrs as unknown as NormaliseAttrs;
    if (relu) {
      throw new TypeError(
        "Gradients of DupbenchNormaliseSums need relu: false",
      );
    }
    const [ofScale, ofOffset] = results as tf.Tensor[];
    const [dy, x, mean, variance] = saved as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const [dscale, doffset] = sumOver({ dy, x, mean, variance }, epsilon);
    const inverse = inverseOf(variance, epsilon);
    const factor = tf.mul(ofScale!, inverse);
    return {
      dy: () => tf.add(tf.mul(tf.sub(x, mean), factor), ofOffset!),
      x: () => tf.mul(dy, factor),
      mean: () => tf.neg(tf.mul(doffset, factor)),
      variance: () =>
        tf.mul(tf.mul(dscale, ofScale!), tf.mul(tf.square(inverse), -0.5)),
    };
  },
};
