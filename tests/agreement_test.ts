import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type BackendName } from "../src/backend/backend.ts";
import { openBackend } from "../src/backend/open_backend.ts";
import { loadDataset } from "../src/data/load_dataset.ts";
import { gatherImages, gatherLabels } from "../src/data/gather_images.ts";
import { crossEntropy } from "../src/losses/cross_entropy.ts";
import { buildClassifier } from "../src/models/classifier.ts";
import { classifierSpecs, modelNames } from "../src/models/classifier_spec.ts";
import { webgpu } from "./webgpu_available.ts";

const BATCH = 4;
const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 10,
  limitTest: 10,
});

/** Losses, and gradients for input and weights, of one batch on one backend. */
async function measure(model: typeof modelNames[number], backend: BackendName) {
  await openBackend(backend);
  const rows = Uint32Array.from({ length: BATCH }, (_, i) => i);
  const classifier = buildClassifier(classifierSpecs[model], {
    input: { shape: dataset.shape, classes: 10 },
    seed: 0,
  });
  const images = tf.tensor4d(
    gatherImages(dataset.train, dataset.shape, rows),
    [BATCH, ...dataset.shape],
  );
  const labels = tf.tensor2d(gatherLabels(dataset.train, 10, rows), [
    BATCH,
    10,
  ]);
  const losses = crossEntropy(classifier.logits(images), labels);
  const input = tf.grad((x) =>
    tf.sum(crossEntropy(classifier.logits(x as tf.Tensor4D), labels))
  )(images);
  const { value, grads } = tf.variableGrads(
    () => tf.mean(crossEntropy(classifier.logits(images), labels)),
    [...classifier.weights],
  );
  const tensors = [
    losses,
    input,
    ...classifier.weights.map(({ name }) => grads[name]!),
  ];
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose([images, labels, value, ...tensors]);
  classifier.dispose();
  return values;
}

for (const model of modelNames) {
  for (const backend of ["wasm", "webgpu"] as const) {
    Deno.test({
      name:
        `${backend}: ${model} agrees with cpu on losses and gradients within 1e-4 of their norm`,
      ignore: backend === "webgpu" && !webgpu.available,
      fn: async () => {
        const expected = await measure(model, "cpu");
        const actual = await measure(model, backend);
        actual.forEach((values, i) => {
          const error = distance(values, expected[i]!);
          assertEquals(error < 1e-4, true, `part ${i}: ${error}`);
        });
      },
    });
  }
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
