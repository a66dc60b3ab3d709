import * as tf from "@tensorflow/tfjs";
import type { Steps, StepsOptions } from "./steps.ts";
import { type UpdateBatch, updateWeights } from "./update_weights.ts";

/**
 * Steps by TensorFlow.js's operations and their gradients: the reference, which
 * runs on every backend.
 */
export function tapeSteps(
  { classifier, optimizer, average }: StepsOptions,
): Steps {
  const { shape, classes } = classifier.network.input;
  let losses: tf.Scalar[] = [];
  let batch: UpdateBatch | undefined;
  let attackLabels: Float32Array | undefined;
  const forget = () => {
    tf.dispose([losses, Object.values(batch ?? {})]);
    losses = [];
    batch = undefined;
  };
  return {
    beginEpoch: forget,
    load(host) {
      const { images, labels, rows } = host;
      attackLabels = host.attackLabels;
      batch = {
        images: "pixels" in images
          ? tf.tensor4d(images.pixels, [rows, ...shape])
          : images.store.gather(images.picks),
        labels: tf.tensor2d(labels, [rows, classes]),
        dropout: host.dropout.map(({ shape, values }) =>
          tf.tensor(values, [...shape])
        ),
      };
    },
    attack(attack, streamOf) {
      const { images } = batch!;
      const labels = attackLabels === undefined
        ? tf.clone(batch!.labels)
        : tf.tensor2d(attackLabels, batch!.labels.shape);
      const found = attack.perturb((x) => classifier.logits(x), {
        images,
        labels,
        streamOf,
      });
      tf.dispose([images, labels, found.zeroGradients]);
      batch = { ...batch!, images: found.images };
    },
    update(learningRate) {
      losses.push(updateWeights(classifier, optimizer, batch!, learningRate));
      average?.update();
      tf.dispose(Object.values(batch!));
      batch = undefined;
    },
    async readLosses() {
      const stacked = tf.stack(losses);
      try {
        return await stacked.data() as Float32Array;
      } finally {
        stacked.dispose();
      }
    },
    dispose: forget,
  };
}
