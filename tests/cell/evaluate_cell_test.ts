import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Backend } from "../../src/backend/backend.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import type { Tensor2D, Tensor4D } from "../../src/kernels/ops/tensors.ts";
import { openStream } from "../../src/core/stream.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import {
  buildClassifier,
  type Classifier,
} from "../../src/models/classifier.ts";
import type { Flag } from "../../src/results/outcome.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { evaluateCell } from "../../src/cell/evaluate_cell.ts";
import { makeTrainingList } from "../../src/cell/training_list.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";
import { train } from "../../src/train/train.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 300,
  limitTest: 100,
});
const originals = Uint32Array.from({ length: 300 }, (_, row) => row);

async function trained(backend: Backend): Promise<Classifier> {
  const classifier = buildClassifier(
    publishedNetwork({ filters: [4, 8], hidden: 32, dropout: 0 }),
    { input: { shape: dataset.shape, classes: 10 }, seed: 1 },
  );
  await train(classifier, dataset, {
    rows: originals,
    batch: 25,
    epochs: 8,
    budget: "epochs",
    seed: 1,
    augmentation: { name: "none", copies: "own" },
    optimizer: { name: "adam", learningRate: 0.003, weightDecay: 0 },
    schedule: { name: "constant" },
  }, { backend });
  return classifier;
}

/** The flags that a changed sound model gets. */
async function flagsOf(
  attacks: string[],
  spoil: (sound: Classifier, images: Tensor4D) => tf.Tensor,
) {
  const backend = await openBackend("wasm");
  const sound = await trained(backend);
  const before = tf.memory().numTensors;
  const [cell] = planCells(
    parseStudy({ name: "flags", ratios: [0], attacks, epsilon: 4 / 255 }),
    "wasm",
  );
  const flags: { flag: Flag; where: string; value: number | null }[] = [];
  const { test } = (await evaluateCell(
    {
      ...sound,
      classify: (images) => tf.tidy(() => spoil(sound, images) as Tensor2D),
    },
    dataset,
    {
      config: cell!.config,
      list: await makeTrainingList(dataset, cell!.config),
      backend,
      addFlag: (flag, where, value = null) =>
        flags.push({ flag, where, value }),
      reportWork: () => {},
    },
  ))!;
  assertEquals(tf.memory().numTensors, before);
  sound.dispose();
  assert(test!.clean.correct > 15, `${test!.clean.correct} right`);
  return { flags, test: test! };
}

const strong = ["apgd-ce-10", "apgd-t-3", "square-200"];

Deno.test("wasm: evaluateCell() flags nothing for a sound model", async () => {
  const { flags } = await flagsOf(
    strong,
    (sound, images) => sound.classify(images),
  );
  assertEquals(flags, []);
});

Deno.test("wasm: evaluateCell() flags zero gradients, and that Square beats the others, where gradients are masked", async () => {
  const { flags, test } = await flagsOf(
    strong,
    // Rounding to 32 levels hardly changes the image and has no gradient.
    (sound, images) =>
      sound.classify(tf.div(tf.round(tf.mul(images, 32)), 32) as Tensor4D),
  );
  const right = test.clean.correct;
  const gain = Math.min(
    test.byAttack["apgd-ce-10"]!.correct,
    test.byAttack["apgd-t-3"]!.correct,
  ) - test.worstCase!.correct;
  assertEquals(flags.slice(0, 2), [
    { flag: "zero-gradient", where: "apgd-ce-10", value: right },
    { flag: "zero-gradient", where: "apgd-t-3", value: right },
  ]);
  const square = flags.find(({ flag }) => flag === "square-beats-white-box");
  assert(square !== undefined && square.value! > 5, JSON.stringify(flags));
  // Beyond what both others together find.
  assert(square.value! <= gain, `${square.value} of ${gain}`);
  const dlr = flags.find(({ where }) => where === "dlr");
  assertEquals(dlr, { flag: "zero-gradient", where: "dlr", value: right });
});

Deno.test("wasm: evaluateCell() flags a model with random outputs and one that ends in a softmax", async () => {
  const stream = openStream(1, "init", "noise");
  const random = await flagsOf(
    ["apgd-ce-2"],
    (sound, images) =>
      tf.mul(sound.classify(images), 1 + 0.01 * stream.uniform()),
  );
  // Scaling changes no direction: only a change of the scores among each other
  // is random behaviour.
  assertEquals(random.flags, []);
  const noisy = await flagsOf(["apgd-ce-2"], (sound, images) => {
    const logits = sound.classify(images);
    const noise = Float32Array.from(
      { length: logits.size },
      () => 0.01 * stream.uniform(),
    );
    return tf.add(logits, tf.tensor2d(noise, logits.shape));
  });
  assertEquals(noisy.flags.map(({ flag }) => flag), ["randomized-model"]);
  const softmax = await flagsOf(
    ["apgd-ce-2"],
    (sound, images) => tf.softmax(sound.classify(images)),
  );
  assertEquals(softmax.flags.map(({ flag }) => flag), ["softmax-output"]);
});

Deno.test("wasm: evaluateCell() flags images that are not numbers", async () => {
  // A gradient without a number leads to images without one.
  const { flags } = await flagsOf(["fgsm"], (sound, images) => {
    const infinite = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, NaN),
    }));
    return sound.classify(infinite(images) as Tensor4D);
  });
  const names = flags.map(({ flag }) => flag);
  assert(names.includes("not-a-number"), names.join());
});
