import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { pgd } from "../../src/attacks/pgd.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { bytesOf, sha256 } from "../../src/core/digest.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import {
  publishedNetwork,
  type PublishedWidths,
} from "../../src/spec/networks.ts";
import { train, type TrainingOptions } from "../../src/train/train.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 50,
  limitTest: 10,
});
const input = { shape: dataset.shape, classes: 10 };
const rows = Uint32Array.from({ length: 50 }, (_, i) => i);

const plain: TrainingOptions = {
  rows,
  batch: 16,
  epochs: 3,
  budget: "epochs",
  seed: 0,
  augmentation: { name: "crop-flip", copies: "own" },
  optimizer: { name: "adam", learningRate: 0.001, weightDecay: 0 },
  schedule: { name: "constant" },
};
const adversarial: TrainingOptions = {
  ...plain,
  attack: pgd({
    epsilon: 0.03,
    stepSize: 0.01,
    steps: 2,
    randomStart: true,
  }),
};

async function run(
  options: TrainingOptions,
  widths: Partial<PublishedWidths> = {},
) {
  const classifier = buildClassifier(
    publishedNetwork({
      filters: [4, 8],
      hidden: 16,
      dropout: 0.5,
      ...widths,
    }),
    { input, seed: options.seed },
  );
  const tensors: number[] = [];
  const result = await train(classifier, dataset, options, {
    backend: await openBackend("wasm"),
    onEpoch: () => {
      tensors.push(tf.memory().numTensors);
    },
  });
  const values = await Promise.all(classifier.weights.map((w) => w.data()));
  const weights = sha256(...values.map((v) => bytesOf(v as Float32Array)));
  classifier.dispose();
  return { ...result, weights, tensors };
}

for (const [name, options] of Object.entries({ plain, adversarial })) {
  Deno.test(`wasm: train() ${name} gives the same weights and losses every time`, async () => {
    await openBackend("wasm");
    const [first, second] = [await run(options), await run(options)];
    assertEquals(first.weights, second.weights);
    assertEquals(first.epochs, second.epochs);
    const other = await run({ ...options, seed: 1 });
    assertNotEquals(other.weights, first.weights);
  });

  Deno.test(`wasm: train() ${name} holds as many tensors after every epoch`, async () => {
    await openBackend("wasm");
    const before = tf.memory().numTensors;
    const { tensors } = await run(options);
    assertEquals(new Set(tensors).size, 1, tensors.join());
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("wasm: train() counts each image of the last, partial batch once", async () => {
  await openBackend("wasm");
  const { epochs } = await run(plain);
  assertEquals(
    epochs.map(({ images, steps }) => [images, steps]),
    Array(3).fill([50, 4]),
  );
});

Deno.test("wasm: train() at learning rate 0 reports the mean loss over images", async () => {
  await openBackend("wasm");
  const still = {
    ...plain,
    optimizer: {
      name: "sgd",
      learningRate: 1e-30,
      momentum: 0,
      weightDecay: 0,
    },
    augmentation: { name: "none", copies: "own" },
    epochs: 1,
  } as const;
  // Every batch size partitions the same images, so the mean is the same.
  const losses = [];
  for (const batch of [1, 16, 50]) {
    losses.push(
      (await run({ ...still, batch }, { dropout: 0 })).epochs[0]!.loss,
    );
  }
  assertAlmostEquals(losses[1]!, losses[0]!, 1e-6);
  assertAlmostEquals(losses[2]!, losses[0]!, 1e-6);
});

Deno.test("wasm: train() memorises 50 images", async () => {
  await openBackend("wasm");
  const { epochs } = await run({
    ...plain,
    epochs: 60,
    augmentation: { name: "none", copies: "own" },
  }, { filters: [16, 32], hidden: 128, dropout: 0 });
  // Mean probability of the right class above .9.
  assertEquals(epochs.at(-1)!.loss < 0.1, true, `${epochs.at(-1)!.loss}`);
});

Deno.test("wasm: train() ends in the epoch whose loss is not finite", async () => {
  await openBackend("wasm");
  const { divergedAtEpoch, epochs, timing } = await run({
    ...plain,
    optimizer: {
      name: "sgd",
      learningRate: 1e30,
      momentum: 0.9,
      weightDecay: 0,
    },
  });
  assertEquals(divergedAtEpoch, 0);
  assertEquals([epochs.length, timing.length], [0, 1]);
});

Deno.test("wasm: train() leaves nothing behind when its augmentation is refused", async () => {
  const backend = await openBackend("wasm");
  const network = publishedNetwork({ filters: [4, 8], hidden: 16, dropout: 0 });
  const classifier = buildClassifier(network, { input, seed: 0 });
  const before = tf.memory().numTensors;
  const wide = { name: "crop-flip", copies: "own", padding: 32 } as const;
  const augmentation = { ...wide, border: "reflect" } as const;
  await assertRejects(
    () => train(classifier, dataset, { ...plain, augmentation }, { backend }),
    RangeError,
    '"cropPadding"',
  );
  assertEquals(tf.memory().numTensors, before);
  classifier.dispose();
});

Deno.test("train() of a network whose weights are all frozen has the same losses on wasm and cpu", async () => {
  const network = defineNetwork(
    { type: "conv", filters: 2, stride: 8, frozen: true },
    { type: "flatten" },
    { type: "dense", frozen: true },
  );
  const losses: number[][] = [];
  for (const name of ["wasm", "cpu"] as const) {
    const backend = await openBackend(name);
    const classifier = buildClassifier(network, { input, seed: 1 });
    const { epochs } = await train(classifier, dataset, plain, { backend });
    losses.push(epochs.map(({ loss }) => loss));
    classifier.dispose();
  }
  losses[1]!.forEach((loss, i) =>
    assertAlmostEquals(loss, losses[0]![i]!, 1e-5)
  );
});

Deno.test("wasm: train() refuses options with which it would not end or train on the wrong images", async () => {
  const backend = await openBackend("wasm");
  const classifier = buildClassifier(
    publishedNetwork({ filters: [4, 8], hidden: 16, dropout: 0 }),
    { input, seed: 0 },
  );
  const refused: [fields: Partial<TrainingOptions>, message: string][] = [
    [{ batch: 0 }, '"batch" must be an integer of at least 1, got 0'],
    [{ batch: 0.5 }, '"batch" must be an integer of at least 1, got 0.5'],
    [{ epochs: NaN }, '"epochs" must be an integer of at least 1, got NaN'],
    [{ rows: new Uint32Array(0) }, '"rows" must have at least one entry'],
    [
      { rows: Uint32Array.of(3, 50) },
      '"rows" must be below 50, the training images of cifar10-mini, got 50',
    ],
    [
      { labels: new Uint8Array(49) },
      '"labels" must have as many entries as "rows", 50, got 49',
    ],
    [
      { weights: new Float32Array(51) },
      '"weights" must have as many entries as "rows", 50, got 51',
    ],
    [
      { slotImages: { images: dataset.train, imageRows: rows.slice(1) } },
      '"imageRows" must have as many entries as "rows", 50, got 49',
    ],
    [
      { slotImages: { images: dataset.test, imageRows: rows } },
      '"imageRows" must be below 10, the images of "slotImages", got 10',
    ],
  ];
  for (const [fields, message] of refused) {
    for (const batching of ["full", "partial-last"] as const) {
      await assertRejects(
        () =>
          train(classifier, dataset, { ...plain, batching, ...fields }, {
            backend,
          }),
        RangeError,
        message,
      );
    }
  }
  classifier.dispose();
});
