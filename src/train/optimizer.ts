import * as tf from "@tensorflow/tfjs";
import {
  type Recorder,
  type Recording,
  recordingBackend,
} from "../kernels/common/recorder.ts";
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
  /**
   * Records the update of one weight and its state, in place.
   *
   * @param index Which of the weights.
   */
  record(recorder: Recorder, index: number, gradient: tf.TensorInfo): void;
  /**
   * Sets the numbers of the next step in a recording. Call it once per step,
   * before the recording runs.
   */
  advance(recording: Recording, learningRate: number): void;
  /** Frees the optimizer's state, not the weights. */
  dispose(): void;
}

/** Name of the recorded calls whose numbers change from step to step. */
const LIVE = "update";

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
  /** The rate in a recording, which changes seldom. */
  const rates = new WeakMap<Recording, number>();
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
    record(recorder, index, gradient) {
      const [weight, velocity] = [weights[index]!, velocities[index]!];
      recorder.call("DupbenchSgdStep", {
        inputs: { weight, velocity, gradient },
        attrs: { learningRate: 0, momentum, weightDecay },
      }, { into: [weight, velocity], live: LIVE });
    },
    advance(recording, learningRate) {
      if (rates.get(recording) === learningRate) return;
      rates.set(recording, learningRate);
      recording.update<"DupbenchSgdStep">(LIVE, {
        learningRate,
        momentum,
        weightDecay,
      });
    },
    dispose: () => tf.dispose(velocities),
  };
}

/** Constants of Adam, as PyTorch has them by default. */
export const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

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
  const advance = (learningRate: number) => {
    power1 *= adamConstants.beta1;
    power2 *= adamConstants.beta2;
    return {
      rate: learningRate / (1 - power1),
      root: Math.sqrt(1 - power2),
      ...adamConstants,
      weightDecay,
    };
  };
  return {
    update(gradients, learningRate) {
      const options = advance(learningRate);
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
    record(recorder, index, gradient) {
      const weight = weights[index]!;
      const [mean, square] = [means[index]!, squares[index]!];
      recorder.call("DupbenchAdamStep", {
        inputs: { weight, mean, square, gradient },
        attrs: { rate: 0, root: 1, ...adamConstants, weightDecay },
      }, { into: [weight, mean, square], live: LIVE });
    },
    advance: (recording, learningRate) =>
      recording.update<"DupbenchAdamStep">(LIVE, advance(learningRate)),
    dispose: () => tf.dispose([...means, ...squares]),
  };
}

function zerosLike(weight: tf.Variable): tf.Variable {
  const device = recordingBackend();
  return tf.tidy(() => {
    const zeros = device === undefined
      ? tf.zerosLike(weight)
      : tf.engine().makeTensorFromTensorInfo(device.makeBuffer(weight.shape));
    return tf.variable(zeros, false);
  });
}
