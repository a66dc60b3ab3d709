import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../src/backend/backend.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { checkReliability } from "../../src/cell/check_reliability.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import {
  buildClassifier,
  type Classifier,
} from "../../src/models/classifier.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";
import { openStream } from "../../src/core/stream.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 10,
  limitTest: 100,
});
const tenRows = Uint32Array.from({ length: 10 }, (_, row) => row);

/** The report on a model made from a sound one. */
async function reportOn(
  spoil: (logits: tf.Tensor2D) => tf.Tensor,
  rowsOf = (_model: Classifier, _backend: Backend) => Promise.resolve(tenRows),
) {
  const backend = await openBackend("wasm");
  const before = tf.memory().numTensors;
  const sound = buildClassifier(
    publishedNetwork({ filters: [4, 4], hidden: 8, dropout: 0 }),
    { input: { shape: dataset.shape, classes: 10 }, seed: 1 },
  );
  const report = await checkReliability(
    { classify: (x) => tf.tidy(() => spoil(sound.classify(x)) as tf.Tensor2D) },
    dataset,
    { backend, rows: await rowsOf(sound, backend) },
  );
  sound.dispose();
  assertEquals(tf.memory().numTensors, before);
  return report;
}

Deno.test("wasm: checkReliability() finds nothing in a sound model", async () => {
  const report = await reportOn((logits) => logits, async (model, backend) => {
    // Where the true class comes third, the ratio is 1 whatever the image.
    const { correct } = await evaluate(model, dataset, {
      backend,
      split: "test",
      batch: 100,
      seed: 0,
    });
    const right = Uint32Array.from(correct.keys()).filter((row) =>
      correct[row]
    );
    assert(right.length > 0);
    return right;
  });
  assertEquals(report, { spread: 0, isSoftmax: false, zeroDlrGradients: 0 });
});

Deno.test("wasm: checkReliability() detects a model with random outputs", async () => {
  const stream = openStream(1, "init", "noise");
  const { spread } = await reportOn((logits) =>
    tf.add(
      logits,
      tf.tensor2d(
        Float32Array.from({ length: 100 }, () => 0.01 * stream.uniform()),
        [10, 10],
      ),
    )
  );
  assert(spread > 1e-4, `${spread}`);
});

Deno.test("wasm: checkReliability() detects a softmax", async () => {
  const { isSoftmax } = await reportOn((logits) => tf.softmax(logits));
  assert(isSoftmax);
});

Deno.test("wasm: checkReliability() counts images without a gradient", async () => {
  const { zeroDlrGradients } = await reportOn((logits) =>
    tf.add(tf.mul(logits, 0), tf.range(0, 10))
  );
  assertEquals(zeroDlrGradients, 10);
});

Deno.test("wasm: checkReliability() shows the model images that are moved as in the evaluation", async () => {
  const backend = await openBackend("wasm");
  // Black images, and they alone, have no gradient.
  const classify = (x: tf.Tensor4D) =>
    tf.tidy(() => {
      const brightness = tf.square(tf.mean(x, [1, 2, 3]));
      const slopes = tf.square(tf.range(1, 11));
      return tf.mul(tf.expandDims(brightness, 1), slopes) as tf.Tensor2D;
    });
  const count = async (down: number) => {
    const report = await checkReliability({ classify }, dataset, {
      backend,
      rows: tenRows,
      moveOf: () => ({ down, right: 0, flip: false }),
    });
    return report.zeroDlrGradients;
  };
  assertEquals(await count(dataset.shape[0]), 10);
  assert(await count(1) < 10);
});
