import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import type { TrainingAttack } from "../../src/attacks/attack.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import { gatherImages } from "../../src/data/gather_images.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";
import { smoothLabels } from "../../src/train/smooth_labels.ts";
import { train, type TrainingOptions } from "../../src/train/train.ts";
import { webgpuTest } from "../webgpu_available.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 10,
  limitTest: 10,
});
const count = dataset.train.rows;
const rows = Uint32Array.from({ length: count }, (_, i) => i);
const network = publishedNetwork({ filters: [4, 8], hidden: 16, dropout: 0 });
const still: TrainingOptions = {
  rows,
  batch: count / 2,
  epochs: 1,
  budget: "epochs",
  seed: 0,
  augmentation: { name: "none", copies: "own" },
  optimizer: { name: "sgd", learningRate: 1e-30, momentum: 0, weightDecay: 0 },
  schedule: { name: "constant" },
};
const build = () =>
  buildClassifier(network, {
    input: { shape: dataset.shape, classes: 10 },
    seed: 0,
  });

Deno.test("smoothLabels() is (1 - s) onehot + s / k, times the weight of the image", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.array(
        fc.tuple(fc.nat(11), fc.double({ min: 0, max: 9, noNaN: true })),
      ),
      (classes, share, images) => {
        const labels = new Float32Array(images.length * classes);
        images.forEach(([label, weight], i) =>
          labels[i * classes + label % classes] = weight
        );
        const smoothed = smoothLabels(labels, { classes, share });
        images.forEach(([label, given], i) => {
          const weight = Math.fround(given);
          for (let c = 0; c < classes; c++) {
            const isTrue = c === label % classes ? 1 : 0;
            const expected = weight *
              ((1 - share) * isTrue + share / classes);
            assert(
              Math.abs(smoothed[i * classes + c]! - expected) <=
                1e-7 * Math.max(expected, 1e-30),
            );
          }
        });
      },
    ),
  );
});

/** The mean loss before training on smoothed labels, by definition in float64. */
async function expectedLoss(share: number): Promise<number> {
  const classifier = build();
  const pixels = gatherImages(dataset.train, dataset.shape, rows);
  const scores = tf.tidy(() =>
    classifier.logits(tf.tensor4d(pixels, [count, ...dataset.shape]))
  );
  const values = await scores.array();
  scores.dispose();
  classifier.dispose();
  // PyTorch's cross_entropy with label_smoothing: (1 - s) times the loss of the
  // true class plus s times the mean loss over the classes.
  const losses = values.map((row, image) => {
    const most = Math.max(...row);
    const sum = row.reduce((s, v) => s + Math.exp(v - most), 0);
    const lost = row.map((v) => Math.log(sum) - (v - most));
    const mean = lost.reduce((a, b) => a + b) / row.length;
    return (1 - share) * lost[dataset.train.labels[image]!]! + share * mean;
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}

async function checkLoss(name: BackendName): Promise<void> {
  const backend = await openBackend(name);
  for (const share of [0, 0.2, 0.9]) {
    const classifier = build();
    const { epochs } = await train(classifier, dataset, {
      ...still,
      labelSmoothing: share,
    }, { backend });
    classifier.dispose();
    const expected = await expectedLoss(share);
    assertAlmostEquals(epochs[0]!.loss, expected, 1e-5);
  }
}

/** What the labels are that an attack in training is given. */
async function checkAttack(name: BackendName): Promise<void> {
  const backend = await openBackend(name);
  const seen: tf.Tensor[] = [];
  const attack: TrainingAttack = {
    name: "none",
    steps: 0,
    perturb(_, { images, labels }) {
      seen.push(tf.clone(labels));
      return { images: tf.clone(images), zeroGradients: tf.scalar(0) };
    },
  };
  const before = tf.memory().numTensors;
  const weights = Float32Array.from(rows, (i) => 2 * i / (count - 1));
  const classifier = build();
  const plans: Uint32Array[] = [];
  await train(classifier, dataset, {
    ...still,
    weights,
    attack,
    labelSmoothing: 0.3,
  }, { backend, onStep: ({ slots }) => plans.push(slots) });
  classifier.dispose();
  for (const [step, labels] of seen.entries()) {
    const values = await labels.data();
    plans[step]!.forEach((slot, i) => {
      const row = Array(10).fill(0);
      row[dataset.train.labels[slot]!] = weights[slot];
      assertEquals(Array.from(values.slice(10 * i, 10 * (i + 1))), row);
    });
  }
  assertEquals(seen.length, 2);
  tf.dispose(seen);
  assertEquals(tf.memory().numTensors, before);
}

for (const name of ["cpu", "wasm"] as const) {
  Deno.test(`${name}: train() has the smoothed loss of PyTorch's definition`, () =>
    checkLoss(name));
  Deno.test(`${name}: train() attacks the true labels where the loss has smoothed ones`, () =>
    checkAttack(name));
}
webgpuTest(
  "train() has the smoothed loss of PyTorch's definition",
  () => checkLoss("webgpu"),
);
webgpuTest(
  "train() attacks the true labels where the loss has smoothed ones",
  () => checkAttack("webgpu"),
);
