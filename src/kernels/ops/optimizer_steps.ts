import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "./tensors.ts";
import type {
  AdamStepOptions,
  AdamwStepOptions,
  MoveAverageOptions,
  SgdStepOptions,
} from "../common/kernel.ts";
import { hasKernelFor, runKernel } from "../common/run_kernel.ts";

/** A weight, its gradient and the state of SGD, all of one shape. */
export interface SgdState {
  /** What is trained. */
  readonly weight: Tensor;
  /** Sum of past gradients, each less than the one after it. */
  readonly velocity: Tensor;
  /** Gradient of the loss for the weight. */
  readonly gradient: Tensor;
}

/** A weight, its gradient and the state of Adam, all of one shape. */
export interface AdamState {
  /** What is trained. */
  readonly weight: Tensor;
  /** Running mean of the gradient. */
  readonly mean: Tensor;
  /** Running mean of its square. */
  readonly square: Tensor;
  /** Gradient of the loss for the weight. */
  readonly gradient: Tensor;
}

/**
 * One step of stochastic gradient descent as PyTorch's `SGD` defines it:
 * `g += decay w`, `v = momentum v + g`, `w -= rate v`. One pass over memory
 * where our kernels are registered, composed elsewhere.
 *
 * @param state Weight, velocity and gradient, all of one shape.
 * @param options `learningRate`, `momentum` in `[0, 1)`, `weightDecay` >= 0.
 * @returns New weight and velocity; the caller disposes them.
 */
export function sgdStep(
  { weight, velocity, gradient }: SgdState,
  options: SgdStepOptions,
): [weight: Tensor, velocity: Tensor] {
  if (hasKernelFor("DupbenchSgdStep", [weight, velocity, gradient])) {
    const inputs = { weight, velocity, gradient };
    const call = { inputs, attrs: { ...options } };
    return runKernel("DupbenchSgdStep", call) as [tf.Tensor, tf.Tensor];
  }
  const { learningRate, momentum, weightDecay } = options;
  return tf.tidy(() => {
    const decayed = tf.add(gradient, tf.mul(weight, weightDecay));
    const next = tf.add(tf.mul(velocity, momentum), decayed);
    return [tf.sub(weight, tf.mul(next, learningRate)), next];
  });
}

/**
 * One step of SGD with Nesterov's momentum as PyTorch's `SGD` defines it
 * (Sutskever et al. 2013): `g += decay w`, `v = momentum v + g`,
 * `w -= rate (g + momentum v)`.
 *
 * @param state Weight, velocity and gradient, all of one shape.
 * @param options As `sgdStep` takes them.
 * @returns New weight and velocity; the caller disposes them.
 */
export function nesterovStep(
  { weight, velocity, gradient }: SgdState,
  options: SgdStepOptions,
): [weight: Tensor, velocity: Tensor] {
  if (hasKernelFor("DupbenchNesterovStep", [weight, velocity, gradient])) {
    const inputs = { weight, velocity, gradient };
    const call = { inputs, attrs: { ...options } };
    return runKernel("DupbenchNesterovStep", call) as [tf.Tensor, tf.Tensor];
  }
  const { learningRate, momentum, weightDecay } = options;
  return tf.tidy(() => {
    const decayed = tf.add(gradient, tf.mul(weight, weightDecay));
    const next = tf.add(tf.mul(velocity, momentum), decayed);
    const move = tf.add(decayed, tf.mul(next, momentum));
    return [tf.sub(weight, tf.mul(move, learningRate)), next];
  });
}

/**
 * One step of Adam (Kingma and Ba 2015, arXiv:1412.6980, alg. 1) with coupled
 * weight decay, as PyTorch's `Adam` defines it: `g += decay w`,
 * `m = b1 m + (1 - b1) g`, `s = b2 s + (1 - b2) g^2`,
 * `w -= rate m / (sqrt(s) / root + epsilon)`.
 *
 * @param state Weight, running mean and square of the gradient, and gradient,
 * all of one shape.
 * @param options `rate`: learning rate over `1 - b1^t`; `root`: square root of
 * `1 - b2^t`, both for step t, counted from 1; the others as PyTorch names them.
 * @returns New weight, mean and square; the caller disposes them.
 */
export function adamStep(
  { weight, mean, square, gradient }: AdamState,
  options: AdamStepOptions,
): [weight: Tensor, mean: Tensor, square: Tensor] {
  if (hasKernelFor("DupbenchAdamStep", [weight, mean, square, gradient])) {
    return runKernel("DupbenchAdamStep", {
      inputs: { weight, mean, square, gradient },
      attrs: { ...options },
    }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  }
  const { rate, root, beta1, beta2, epsilon, weightDecay } = options;
  return tf.tidy(() => {
    const g = tf.add(gradient, tf.mul(weight, weightDecay));
    const m = tf.add(tf.mul(mean, beta1), tf.mul(g, 1 - beta1));
    const s = tf.add(
      tf.mul(square, beta2),
      tf.mul(tf.mul(g, g), 1 - beta2),
    );
    const scale = tf.add(tf.div(tf.sqrt(s), root), epsilon);
    return [tf.sub(weight, tf.mul(tf.div(m, scale), rate)), m, s];
  });
}

/**
 * One step of AdamW, Adam with decoupled weight decay (Loshchilov and Hutter
 * 2019, arXiv:1711.05101, alg. 2), as PyTorch's `AdamW` defines it: mean and
 * square as in `adamStep` without decay,
 * `w = kept w - rate m / (sqrt(s) / root + epsilon)`.
 *
 * @param state Weight, running mean and square of the gradient, and gradient,
 * all of one shape.
 * @param options As `adamStep` takes them; `kept`: 1 minus the product of
 * learning rate and weight decay.
 * @returns New weight, mean and square; the caller disposes them.
 */
export function adamwStep(
  { weight, mean, square, gradient }: AdamState,
  options: AdamwStepOptions,
): [weight: Tensor, mean: Tensor, square: Tensor] {
  if (hasKernelFor("DupbenchAdamwStep", [weight, mean, square, gradient])) {
    return runKernel("DupbenchAdamwStep", {
      inputs: { weight, mean, square, gradient },
      attrs: { ...options },
    }) as [tf.Tensor, tf.Tensor, tf.Tensor];
  }
  const { rate, root, beta1, beta2, epsilon, kept } = options;
  return tf.tidy(() => {
    const m = tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1));
    const s = tf.add(
      tf.mul(square, beta2),
      tf.mul(tf.mul(gradient, gradient), 1 - beta2),
    );
    const scale = tf.add(tf.div(tf.sqrt(s), root), epsilon);
    const move = tf.mul(tf.div(m, scale), rate);
    return [tf.sub(tf.mul(weight, kept), move), m, s];
  });
}

/**
 * One step of an exponential moving average: `average += share (value - average)`,
 * which is `(1 - share) average + share value` without the rounding of
 * `1 - share`, whose error a long average would add up.
 *
 * @param state Average and value, of one shape.
 * @param options `share` of the value, in `[0, 1]`.
 * @returns The new average; the caller disposes it.
 */
export function moveAverage(
  { average, value }: { average: Tensor; value: Tensor },
  { share }: MoveAverageOptions,
): Tensor {
  if (hasKernelFor("DupbenchMoveAverage", [average, value])) {
    const inputs = { average, value };
    return runKernel("DupbenchMoveAverage", {
      inputs,
      attrs: { share },
    })[0] as tf.Tensor;
  }
  return tf.tidy(() => tf.add(average, tf.mul(tf.sub(value, average), share)));
}
