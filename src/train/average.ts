import * as tf from "@tensorflow/tfjs";
import type { Recorder, Recording } from "../kernels/common/recorder.ts";
import { moveAverage } from "../kernels/ops/optimizer_steps.ts";
import type { Classifier } from "../models/classifier.ts";
import { readParameters } from "../models/parameters.ts";

/** A running average of the parameters of a classifier over its steps. */
export interface Average {
  /** Moves the averages after a step. */
  update(): void;
  /** Records how the averages move, in place. */
  record(recorder: Recorder): void;
  /**
   * Sets the share of the next step in a recording. Call it once per step, before
   * the recording runs.
   */
  advance(recording: Recording): void;
  /** The averages, in the order of the parameters of the classifier. */
  read(): Promise<Float32Array[]>;
  /** Frees the averages. */
  dispose(): void;
}

/** Name of the recorded calls whose share changes from step to step. */
const LIVE = "average";

/**
 * The share of the weights after step t, from 0, in their average: one minus the
 * decay, which grows to its final value so that the first weights, which are
 * random, are soon forgotten (as TensorFlow's `ExponentialMovingAverage` has it,
 * with the number of updates).
 *
 * @param decay Final decay, in `(0, 1)`.
 */
export function averageShare(decay: number, step: number): number {
  return 1 - Math.min(decay, (1 + step) / (10 + step));
}

/**
 * An exponential moving average of all that changes in training: weights, and
 * the running statistics of batch normalisation (Izmailov et al. 2018,
 * arXiv:1803.05407, average weights over a run; Rebuffi et al. 2021,
 * arXiv:2103.01946, do it exponentially, in adversarial training). It begins with
 * the initial values.
 *
 * @param decay Share of the average that is kept in a step once many are taken,
 * in `(0, 1)`.
 */
export function buildAverage(
  { network, parameters }: Classifier,
  decay: number,
): Average {
  const isMoving = network.parameters.map(({ isTrained, kind }) =>
    isTrained || kind === "mean" || kind === "variance"
  );
  const moving = parameters.filter((_, i) => isMoving[i]);
  // Memory of its own: that of a clone is written to by recorded steps.
  const averages = moving.map((value) =>
    tf.tidy(() => tf.variable(tf.mul(value, 1), false))
  );
  const pairs = moving.map((value, i) => [averages[i]!, value] as const);
  let step = 0;
  /** The share in a recording, which changes seldom after many steps. */
  const shares = new WeakMap<Recording, number>();
  return {
    update() {
      const share = averageShare(decay, step++);
      tf.tidy(() => {
        for (const [average, value] of pairs) {
          average.assign(moveAverage({ average, value }, { share }));
        }
      });
    },
    record(recorder) {
      for (const [average, value] of pairs) {
        recorder.call("DupbenchMoveAverage", {
          inputs: { average, value },
          attrs: { share: 0 },
        }, { into: [average], live: LIVE });
      }
    },
    advance(recording) {
      const share = averageShare(decay, step++);
      if (shares.get(recording) === share) return;
      shares.set(recording, share);
      recording.update<"DupbenchMoveAverage">(LIVE, { share });
    },
    read() {
      const found = averages.values();
      const all = parameters.map((value, i) =>
        isMoving[i] ? found.next().value! : value
      );
      return readParameters({ parameters: all });
    },
    dispose: () => tf.dispose(averages),
  };
}
