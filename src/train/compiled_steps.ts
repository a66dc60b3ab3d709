import * as tf from "@tensorflow/tfjs";
import { copyBuffer } from "../plan/plan_memory.ts";
import { type Classifier, compiledOf } from "../models/classifier.ts";
import type { CompiledNetwork } from "../plan/compile_network.ts";
import type { TrainingPlan } from "../plan/plan_training.ts";
import type { Steps, StepsOptions } from "./steps.ts";

/**
 * Steps by plans, one for each batch size. Nothing is allocated in a step but
 * what an attack needs, and nothing is read back before `readLosses`.
 *
 * @throws {RangeError} If the classifier is not compiled.
 */
export function compiledSteps(
  { classifier, optimizer, average }: StepsOptions,
): Steps {
  const compiled = requireCompiled(classifier);
  const { device, inferred: { input: { classes } } } = compiled.network;
  const plans = new Map<number, TrainingPlan>();
  let plan: TrainingPlan;
  let rows = 0;
  let attackLabels: Float32Array | undefined;
  let losses = device.makeBuffer([1]);
  let taken = 0;

  function planOf(batch: number): TrainingPlan {
    let found = plans.get(batch);
    if (found?.isCurrent() === false) {
      found.dispose();
      found = undefined;
    }
    found ??= compiled.planTraining({
      batch,
      recordUpdate(recorder, parameter, gradient) {
        const variable = compiled.network.variableOf(parameter);
        const index = classifier.weights.indexOf(variable);
        optimizer.record(recorder, index, gradient);
      },
      recordEnd: (recorder) => average?.record(recorder),
    });
    plans.set(batch, found);
    return found;
  }

  return {
    beginEpoch(steps) {
      taken = 0;
      if (losses.shape[0] === steps) return;
      device.freeBuffer(losses);
      losses = device.makeBuffer([steps]);
    },
    load(batch) {
      rows = batch.rows;
      attackLabels = batch.attackLabels;
      plan = planOf(rows);
      if ("pixels" in batch.images) {
        device.write(plan.images, batch.images.pixels);
      } else {
        const { store, picks } = batch.images;
        const images = store.gather(picks);
        device.copy({ from: images, to: plan.images });
        images.dispose();
      }
      device.write(plan.labels, batch.labels);
      plan.dropout.forEach((to, i) =>
        device.write(to, batch.dropout[i]!.values)
      );
    },
    attack(attack, streamOf) {
      const images = copyBuffer<tf.Rank.R4>(device, plan.images);
      const labels = attackLabels === undefined
        ? copyBuffer<tf.Rank.R2>(device, plan.labels)
        : tf.tensor2d(attackLabels, [rows, classes]);
      const found = attack.perturb(classifier.classify, {
        images,
        labels,
        streamOf,
      });
      device.copy({ from: found.images, to: plan.images });
      tf.dispose([images, labels, found.images, found.zeroGradients]);
    },
    update(learningRate) {
      optimizer.advance(plan.recording, learningRate);
      average?.advance(plan.recording);
      const copies = [{ from: plan.loss, to: losses, at: taken++ }];
      plan.recording.run({ copies });
    },
    async readLosses() {
      const copy = copyBuffer(device, losses);
      try {
        return (await copy.data() as Float32Array).subarray(0, taken);
      } finally {
        copy.dispose();
      }
    },
    dispose() {
      for (const plan of plans.values()) plan.dispose();
      plans.clear();
      device.freeBuffer(losses);
    },
  };
}

function requireCompiled(classifier: Classifier): CompiledNetwork {
  const compiled = compiledOf(classifier);
  if (compiled !== undefined) return compiled;
  throw new RangeError(`${classifier.notCompiled} has no compiled steps`);
}
