import * as tf from "@tensorflow/tfjs";

/** Names of the optimizers. */
export const optimizerNames = ["sgd", "adam"] as const;

/** Which optimizer, and its numbers. */
export type OptimizerSpec =
  | {
    readonly name: "sgd";
    /** Step length, > 0. */
    readonly learningRate: number;
    /** Share of the last update kept, in `[0, 1)`. */
    readonly momentum: number;
    /** Weight decay added to the gradient (coupled L2), >= 0. */
    readonly weightDecay: number;
  }
  | {
    readonly name: "adam";
    /** Step length, > 0. */
    readonly learningRate: number;
    /** Weight decay added to the gradient (coupled L2), >= 0. */
    readonly weightDecay: number;
  };

/** An optimizer bound to the weights it updates. */
export interface Optimizer {
  /**
   * Moves the weights one step against the gradients.
   *
   * @param gradients In the order of the weights; the caller disposes them.
   * @param learningRate Of this step.
   */
  update(gradients: readonly tf.Tensor[], learningRate: number): void;
  /** Frees the optimizer's state, not the weights. */
  dispose(): void;
}

/** Builds the optimizer of a spec with fresh state. */
export function buildOptimizer(
  spec: OptimizerSpec,
  weights: readonly tf.Variable[],
): Optimizer {
  return spec.name === "sgd" ? sgd(spec, weights) : adam(spec, weights);
}

/**
 * Stochastic gradient descent as PyTorch's `SGD` defines it: `g += decay w`,
 * `v = momentum v + g`, `w -= rate v`, without dampening or Nesterov's variant.
 * The rate scales the step, not the state, so a schedule acts at once.
 */
function sgd(
  { momentum, weightDecay }: OptimizerSpec & { name: "sgd" },
  weights: readonly tf.Variable[],
): Optimizer {
  const velocities = weights.map(zerosLike);
  return {
    update: (gradients, learningRate) =>
      tf.tidy(() =>
        weights.forEach((weight, i) => {
          const velocity = velocities[i]!;
          velocity.assign(tf.add(
            tf.mul(velocity, momentum),
            decayed(gradients[i]!, weight, weightDecay),
          ));
          weight.assign(tf.sub(weight, tf.mul(velocity, learningRate)));
        })
      ),
    dispose: () => tf.dispose(velocities),
  };
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const ADAM_EPSILON = 1e-8;

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980, alg. 1) as PyTorch's `Adam`
 * defines it, with betas .9 and .999 and epsilon 1e-8 added to the corrected
 * root. Powers of the betas are products, because `**` may round differently
 * between engines.
 */
function adam(
  { weightDecay }: OptimizerSpec & { name: "adam" },
  weights: readonly tf.Variable[],
): Optimizer {
  const means = weights.map(zerosLike);
  const squares = weights.map(zerosLike);
  let power1 = 1;
  let power2 = 1;
  return {
    update(gradients, learningRate) {
      power1 *= BETA1;
      power2 *= BETA2;
      const rate = learningRate / (1 - power1);
      const rootCorrection = Math.sqrt(1 - power2);
      tf.tidy(() =>
        weights.forEach((weight, i) => {
          const mean = means[i]!;
          const square = squares[i]!;
          const gradient = decayed(gradients[i]!, weight, weightDecay);
          mean.assign(
            tf.add(tf.mul(mean, BETA1), tf.mul(gradient, 1 - BETA1)),
          );
          square.assign(tf.add(
            tf.mul(square, BETA2),
            tf.mul(tf.square(gradient), 1 - BETA2),
          ));
          const root = tf.add(
            tf.div(tf.sqrt(square), rootCorrection),
            ADAM_EPSILON,
          );
          weight.assign(tf.sub(weight, tf.mul(tf.div(mean, root), rate)));
        })
      );
    },
    dispose: () => tf.dispose([...means, ...squares]),
  };
}

function decayed(
  gradient: tf.Tensor,
  weight: tf.Tensor,
  weightDecay: number,
): tf.Tensor {
  if (weightDecay === 0) return gradient;
  return tf.add(gradient, tf.mul(weight, weightDecay));
}

function zerosLike(weight: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zerosLike(weight), false));
}
