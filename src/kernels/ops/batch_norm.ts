import * as tf from "@tensorflow/tfjs";
import type {
  NormaliseAttrs,
  RunningMomentsOptions,
} from "../common/kernel.ts";
import { countForMoments, unbiasedFactor } from "../common/moments.ts";
import { hasKernel, runKernel } from "../common/run_kernel.ts";
import type { Tensor, Tensor1D } from "./tensors.ts";

/** Mean and variance of each channel, shape `[c]`. */
export interface Moments {
  /** Means. */
  readonly mean: Tensor1D;
  /** Variances. */
  readonly variance: Tensor1D;
}

/** What follows the normalisation of each channel. */
export interface NormaliseOptions extends NormaliseAttrs {
  /** Factors, shape `[c]`; default ones. */
  readonly scale?: Tensor1D | undefined;
  /** Numbers added after that, shape `[c]`; default zeros. */
  readonly shift?: Tensor1D | undefined;
}

/**
 * Batch normalisation in training mode, as PyTorch's `BatchNorm2d` defines it:
 * each channel of a batch is normalised by its own mean and biased variance, then
 * scaled and shifted, then clamped at zero if `relu`. Differentiable for x, scale
 * and shift; the moments that it also gives, for `moveMoments`, are not. On wasm
 * sums are float64, rows in order; on webgpu float32, in slices that are combined
 * in order, the variance about the mean of each slice; elsewhere it is composed
 * of TensorFlow.js operations.
 *
 * @param x Shape `[..., c]`.
 * @returns `y`, of the shape of x, and the biased moments, zeros for an empty
 * batch; the caller disposes them.
 * @throws {RangeError} If a channel has a single value.
 */
export function batchNorm<T extends Tensor>(
  x: T,
  options: NormaliseOptions,
): Moments & { readonly y: T } {
  const channels = x.shape.at(-1)!;
  const rows = countForMoments(x);
  return tf.tidy(() => {
    const { scale, shift, ...attrs } = filled(options, channels);
    if (!hasKernel("DupbenchNormalise")) {
      const zeros = () => tf.zeros([channels]) as tf.Tensor1D;
      const axes = x.shape.slice(0, -1).map((_, axis) => axis);
      const mean = rows === 0 ? zeros() : tf.mean(x, axes) as tf.Tensor1D;
      const spread = tf.square(tf.sub(x, mean));
      const variance = rows === 0
        ? zeros()
        : tf.mean(spread, axes) as tf.Tensor1D;
      const y = compose(x, { mean, variance }, { scale, shift, ...attrs });
      return { y, mean, variance };
    }
    const call = { inputs: { x }, attrs: {} };
    const [mean, variance] = runKernel("DupbenchMoments", call) as [
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const run = tf.customGrad((...given) => {
      const [x, scale, shift, save] = given as unknown as [
        Tensor,
        Tensor,
        Tensor,
        tf.GradSaveFunc,
      ];
      save([x, scale, shift, mean, variance]);
      const inputs = { x, mean, variance, scale, shift };
      return {
        value: runKernel("DupbenchNormalise", { inputs, attrs })[0]!,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved),
      };
    });
    const gradients = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, scale, shift, mean, variance] = saved as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
      const inputs = { dy, x, mean, variance, scale, shift };
      const [dscale, dshift] = runKernel("DupbenchNormaliseSums", {
        inputs,
        attrs,
      }) as [tf.Tensor, tf.Tensor];
      const [dx] = runKernel("DupbenchNormaliseInputGrad", {
        inputs: { ...inputs, dscale, dshift },
        attrs,
      });
      return [dx!, dscale, dshift];
    };
    return { y: run(x, scale, shift) as T, mean, variance };
  });
}

/**
 * Normalisation by given moments, which is batch normalisation in evaluation
 * mode. Differentiable for x, scale and shift, but not for the moments.
 *
 * @param x Shape `[..., c]`.
 * @param moments Running mean and variance.
 * @returns The shape of x; the caller disposes it.
 */
export function normalise<T extends Tensor>(
  x: T,
  moments: Moments,
  options: NormaliseOptions,
): T {
  return tf.tidy(() => {
    const { scale, shift, ...attrs } = filled(options, x.shape.at(-1)!);
    if (!hasKernel("DupbenchNormalise")) {
      return compose(x, moments, { scale, shift, ...attrs });
    }
    const { mean, variance } = moments;
    const inputs = { x, mean, variance, scale, shift };
    return runKernel("DupbenchNormalise", { inputs, attrs })[0] as T;
  });
}

/**
 * Running moments after a batch, as PyTorch defines them: `(1 - momentum)`
 * of the old ones plus `momentum` of those of the batch, whose variance is made
 * unbiased. Not differentiable.
 *
 * @param running Running mean and variance.
 * @param batch Mean and biased variance of the batch.
 * @param options `count`: values of each channel in the batch; 0 changes nothing.
 * @returns New moments; the caller disposes them.
 */
export function moveMoments(
  running: Moments,
  batch: Moments,
  options: RunningMomentsOptions,
): Moments {
  const { momentum, count } = options;
  const [mean, variance] = tf.tidy(() => {
    if (hasKernel("DupbenchRunningMoments")) {
      return runKernel("DupbenchRunningMoments", {
        inputs: {
          runningMean: running.mean,
          runningVariance: running.variance,
          mean: batch.mean,
          variance: batch.variance,
        },
        attrs: { momentum, count },
      });
    }
    if (count === 0) {
      return [tf.clone(running.mean), tf.clone(running.variance)];
    }
    const move = (old: tf.Tensor, value: tf.Tensor, factor: number) =>
      tf.add(tf.mul(old, 1 - momentum), tf.mul(value, momentum * factor));
    return [
      move(running.mean, batch.mean, 1),
      move(running.variance, batch.variance, unbiasedFactor(count)),
    ];
  }) as [tf.Tensor1D, tf.Tensor1D];
  return { mean, variance };
}

/** Options with scale and shift. */
function filled(
  { scale, shift, epsilon, relu }: NormaliseOptions,
  channels: number,
) {
  return {
    scale: scale ?? tf.ones([channels]),
    shift: shift ?? tf.zeros([channels]),
    epsilon,
    relu,
  };
}

/** Normalisation by TensorFlow.js operations. */
function compose<T extends Tensor>(
  x: T,
  { mean, variance }: Moments,
  { scale, shift, epsilon, relu }: Required<NormaliseAttrs> & {
    scale: tf.Tensor;
    shift: tf.Tensor;
  },
): T {
  const deviation = tf.sqrt(tf.add(variance, epsilon));
  const factor = tf.div(scale, deviation);
  const y = tf.add(tf.mul(tf.sub(x, mean), factor), shift);
  return (relu ? tf.relu(y) : y) as T;
}
