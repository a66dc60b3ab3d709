import * as tf from "@tensorflow/tfjs";
import type { OptimizerName, OptimizerSpec } from "../spec/optimizers.ts";
import { adamStep, sgdStep } from "../kernels/ops/optimizer_steps.ts";

/** An optimizer bound to the weights it updates. */
export interface Optimizer {
  /**
   * Updates the weights by one step of gradient descent.
   *
   * @param gradients In the order of the weights; the caller disposes them.
   * @param learningRate Of this step.
   */
  update(gradients: readonly tf.Tensor[], learningRate: number): void;
  /** Frees the optimizer's state, not the weights. */
  dispose(): void;
}

type Build<Name extends OptimizerName> = (
  spec: Extract<OptimizerSpec, { name: Name }>,
  weights: readonly tf.Variable[],
) => Optimizer;

const builders: { readonly [Name in OptimizerName]: Build<Name> } = {
  sgd,
  adam,
};

/** Builds the optimizer of a spec with fresh state. */
export function buildOptimizer(
  spec: OptimizerSpec,
  weights: readonly tf.Variable[],
): Optimizer {
  return (builders[spec.name] as Build<OptimizerName>)(spec, weights);
}

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
          const gradient = gradients[i]!;
          const [nextWeight, nextVelocity] = sgdStep(
            { weight, velocity, gradient },
            { learningRate, momentum, weightDecay },
          );
          weight.assign(nextWeight);
          velocity.assign(nextVelocity);
        })
      ),
    dispose: () => tf.dispose(velocities),
  };
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const ADAM_EPSILON = 1e-8;

/**
 * Adam with betas .9 and .999 and epsilon 1e-8, as PyTorch has them. Powers of
 * the betas are products, because `**` may round differently between engines.
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
      const options = {
        rate: learningRate / (1 - power1),
        root: Math.sqrt(1 - power2),
        beta1: BETA1,
        beta2: BETA2,
        epsilon: ADAM_EPSILON,
        weightDecay,
      };
      tf.tidy(() =>
        weights.forEach((weight, i) => {
          const mean = means[i]!;
          const square = squares[i]!;
          const gradient = gradients[i]!;
          const [nextWeight, nextMean, nextSquare] = adamStep(
            { weight, mean, square, gradient },
            options,
          );
          weight.assign(nextWeight);
          mean.assign(nextMean);
          square.assign(nextSquare);
        })
      );
    },
    dispose: () => tf.dispose([...means, ...squares]),
  };
}

function zerosLike(weight: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zerosLike(weight), false));
}
