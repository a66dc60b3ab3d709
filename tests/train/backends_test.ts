import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { gatherImages } from "../../src/data/gather_images.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { networks } from "../../src/spec/networks.ts";
import { train, type TrainingOptions } from "../../src/train/train.ts";
import { slowTest } from "../slow.ts";
import { webgpuTest } from "../webgpu_available.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 96,
  limitTest: 100,
});

type Fields = Partial<TrainingOptions>;

/** One epoch of the published standard protocol, including dropout. */
async function trainOn(name: BackendName, fields: Fields = {}) {
  const backend = await openBackend(name);
  const classifier = buildClassifier(networks["published-standard"].network, {
    input: { shape: dataset.shape, classes: 10 },
    seed: 5,
  });
  const { epochs } = await train(classifier, dataset, {
    rows: Uint32Array.from({ length: dataset.train.rows }, (_, row) => row),
    batch: 32,
    epochs: 1,
    budget: "epochs",
    seed: 5,
    augmentation: { name: "crop-flip", copies: "own" },
    optimizer: {
      name: "sgd",
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 5e-4,
    },
    schedule: { name: "constant" },
    ...fields,
  }, { backend });
  const all = Uint32Array.from({ length: dataset.test.rows }, (_, row) => row);
  const predicted = tf.tidy(() =>
    tf.argMax(
      classifier.logits(
        tf.tensor4d(gatherImages(dataset.test, dataset.shape, all), [
          all.length,
          ...dataset.shape,
        ]),
      ),
      1,
    )
  );
  const predictions = [...await predicted.data()];
  await backend.settle();
  predicted.dispose();
  classifier.dispose();
  return { loss: epochs[0]!.loss, predictions };
}

/** The published protocol, and one with every other recipe on. */
const protocols: Readonly<Record<string, Fields>> = {
  "as published": {},
  "with Nesterov's momentum, one cycle, smoothed labels and a rate of biases": {
    optimizer: {
      name: "sgd",
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 5e-2,
      nesterov: true,
      decayOn: "weights",
      biasRate: 4,
    },
    schedule: { name: "one-cycle", warmup: 0.5, start: 0.2, end: 0.07 },
    labelSmoothing: 0.2,
  },
  "with AdamW and cosine after a warm-up": {
    optimizer: { name: "adamw", learningRate: 0.001, weightDecay: 0.5 },
    schedule: { name: "cosine", warmup: 0.3 },
  },
};

const references = new Map<string, ReturnType<typeof trainOn>>();

async function checkAgreement(
  name: BackendName,
  protocol: string,
): Promise<void> {
  const fields = protocols[protocol]!;
  const reference = references.get(protocol) ?? trainOn("cpu", fields);
  references.set(protocol, reference);
  const expected = await reference;
  const actual = await trainOn(name, fields);
  const error = Math.abs(actual.loss / expected.loss - 1);
  assert(error < 1e-3, `loss ${actual.loss}, on cpu ${expected.loss}`);
  const same =
    actual.predictions.filter((p, i) => p === expected.predictions[i]).length;
  assert(same >= 0.99 * dataset.test.rows, `${same} predictions`);
  // Otherwise equal predictions would say nothing.
  assertEquals(new Set(expected.predictions).size > 2, true);
}

for (const protocol of Object.keys(protocols)) {
  slowTest(
    `wasm: train() ${protocol} ends an epoch with the loss and predictions of cpu`,
    () => checkAgreement("wasm", protocol),
  );

  webgpuTest(
    `train() ${protocol} ends an epoch with the loss and predictions of cpu`,
    () => checkAgreement("webgpu", protocol),
    { isSlow: true },
  );
}
