import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../../src/backend/open_backend.ts";
import { openStream } from "../../src/core/stream.ts";
import { pgd } from "../../src/attacks/pgd.ts";
import {
  buildClassifier,
  type Classifier,
  compiledOf,
} from "../../src/models/classifier.ts";
import type { Classify } from "../../src/plan/classify.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { buildOptimizer } from "../../src/train/optimizer.ts";
import {
  type HostBatch,
  openSteps,
  type Steps,
} from "../../src/train/steps.ts";
import { tapeSteps } from "../../src/train/tape_steps.ts";
import { webgpuTest } from "../webgpu_available.ts";
import { drawBatch } from "./_batch.ts";

const small = defineNetwork(
  { type: "scale", factor: 2, offset: -1 },
  { type: "conv", filters: 4 },
  { type: "relu" },
  { type: "maxPool" },
  { type: "conv", filters: 4, bias: false },
  { type: "batchNorm" },
  { type: "relu" },
  { type: "flatten" },
  { type: "dense", units: 8 },
  { type: "relu" },
  { type: "dropout", rate: 0.5 },
  { type: "dense" },
);
/** The same without normalisation, whose plans round otherwise. */
const exact = defineNetwork(
  ...small.layers.filter(({ type }) => type !== "batchNorm"),
);
const input = { shape: [8, 8, 3] as const, classes: 3 };

/** A test on every backend that has plans. */
function compiledTest(
  name: string,
  run: (backend: { settle(): Promise<void> }) => void | Promise<void>,
  { isSlow = false }: { isSlow?: boolean } = {},
): void {
  const runOn = async (backend: "wasm" | "webgpu") => {
    const opened = await openBackend(backend);
    await run(opened);
    await opened.settle();
  };
  Deno.test(`wasm: ${name}`, () => runOn("wasm"));
  webgpuTest(name, () => runOn("webgpu"), { isSlow });
}

function build(network = exact): Classifier {
  const classifier = buildClassifier(network, { input, seed: 1 });
  assert(compiledOf(classifier) !== undefined, classifier.notCompiled);
  return classifier;
}

function drawImages(rows: number, seed: number): tf.Tensor4D {
  const stream = openStream(seed, "split", "images");
  return tf.tensor4d(
    Float32Array.from({ length: rows * 192 }, () => stream.uniform()),
    [rows, ...input.shape],
  );
}

/** The losses and parameters after a step on each batch. */
async function trainOn(
  batches: readonly HostBatch[],
  open: typeof openSteps,
): Promise<Float32Array[]> {
  const classifier = build();
  const optimizer = buildOptimizer(
    { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
    classifier.weights,
  );
  const steps: Steps = open({ classifier, optimizer });
  steps.beginEpoch(batches.length);
  for (const batch of batches) {
    steps.load(batch);
    steps.update(0.1);
  }
  const losses = await steps.readLosses();
  const values = await Promise.all(classifier.parameters.map((p) => p.data()));
  steps.dispose();
  optimizer.dispose();
  classifier.dispose();
  return [losses, ...values as Float32Array[]];
}

for (const value of [NaN, Infinity, -Infinity]) {
  compiledTest(
    `a pixel of ${value} makes losses and weights what they are on the tape`,
    async () => {
      const batch = (() => {
        const classifier = build();
        const batch = drawBatch(classifier, { rows: 3, step: 0 });
        classifier.dispose();
        return batch;
      })();
      (batch.images as { pixels: Float32Array }).pixels[200] = value;
      const compiled = await trainOn([batch], openSteps);
      const tape = await trainOn([batch], tapeSteps);
      compiled.forEach((values, i) =>
        assertEquals(
          [...values].map(Number.isFinite),
          [...tape[i]!].map(Number.isFinite),
        )
      );
      assert(!Number.isFinite(compiled[0]![0]), "the loss tells");
    },
  );
}

compiledTest(
  "weights that are not numbers give scores that are not",
  async () => {
    const classifier = build();
    classifier.weights[2]!.assign(tf.fill(classifier.weights[2]!.shape, NaN));
    const images = drawImages(2, 1);
    const scores = classifier.classify(images);
    assert((await scores.data()).every(Number.isNaN));
    tf.dispose([images, scores]);
    classifier.dispose();
  },
);

compiledTest("batches of one image and of none", async () => {
  const batches = [1, 2, 1].map((rows, step) => {
    const classifier = build();
    const batch = drawBatch(classifier, { rows, step });
    classifier.dispose();
    return batch;
  });
  assertEquals(
    await trainOn(batches, openSteps),
    await trainOn(batches, tapeSteps),
  );
  const classifier = build();
  const none = tf.zeros([0, ...input.shape]) as tf.Tensor4D;
  const scores = classifier.classify(none);
  assertEquals(scores.shape, [0, 3]);
  const labels = tf.zeros([0, 3]) as tf.Tensor2D;
  for (const randomStart of [false, true]) {
    const found = pgd({ epsilon: 0.1, stepSize: 0.1, steps: 2, randomStart })
      .perturb(classifier.classify, {
        images: none,
        labels,
        streamOf: () => openStream(1, "attack"),
      });
    assertEquals(found.images.shape, [0, 8, 8, 3]);
    assertEquals(await found.zeroGradients.data(), new Float32Array([0]));
    tf.dispose([found.images, found.zeroGradients]);
  }
  tf.dispose([none, scores, labels]);
  classifier.dispose();
});

compiledTest(
  "the gradient of a pass that another has followed is its own",
  async () => {
    const classifier = build();
    const [a, b] = [drawImages(2, 1), drawImages(2, 2)];
    const gradients = (classify: Classify) =>
      tf.tidy(() =>
        tf.grads((a, b) =>
          tf.sum(tf.mul(
            classify(a as tf.Tensor4D),
            // The second pass of the same size replaces what the first left.
            tf.square(classify(b as tf.Tensor4D)),
          ))
        )([a, b])
      );
    const compiled = gradients(classifier.classify);
    const tape = gradients((x) => classifier.classify(x));
    for (const [i, gradient] of compiled.entries()) {
      assertEquals(await gradient.data(), await tape[i]!.data());
    }
    // The same gradient twice: the first run may overwrite what it read.
    const twice = tf.tidy(() => {
      const run = tf.grad((x) => tf.sum(classifier.classify(x as tf.Tensor4D)));
      return [run(a), run(a)];
    });
    assertEquals(await twice[0]!.data(), await twice[1]!.data());
    tf.dispose([a, b, compiled, tape, twice]);
    classifier.dispose();
  },
);

compiledTest("images of another shape or type are refused", () => {
  const classifier = build();
  const wide = tf.zeros<tf.Rank.R4>([2, 9, 9, 3]);
  const whole = tf.zeros<tf.Rank.R4>([2, 8, 8, 3], "int32");
  const expected = "takes float32 numbers of shape [2, 8, 8, 3]";
  const numTensors = tf.memory().numTensors;
  assertThrows(
    () => classifier.classify(wide),
    RangeError,
    `${expected} here, got float32 of shape [2, 9, 9, 3]`,
  );
  assertThrows(
    () => classifier.classify(whole),
    RangeError,
    `${expected} here, got int32 of shape [2, 8, 8, 3]`,
  );
  assertEquals(tf.memory().numTensors, numTensors);
  tf.dispose([wide, whole]);
  classifier.dispose();
});

compiledTest(
  "an attack takes labels of int32 as those of float32",
  async () => {
    const classifier = build();
    const images = drawImages(3, 1);
    const whole = tf.oneHot([0, 2, 1], 3) as tf.Tensor2D;
    const labels = tf.cast(whole, "float32");
    const numTensors = tf.memory().numTensors;
    const attack = pgd({
      epsilon: 0.1,
      stepSize: 0.05,
      steps: 2,
      randomStart: false,
    });
    const streamOf = (index: number) => openStream(1, "attack", index);
    const pixelsOf = async (labels: tf.Tensor2D) => {
      const found = attack.perturb(classifier.classify, {
        images,
        labels,
        streamOf,
      });
      const pixels = await found.images.data();
      tf.dispose([found.images, found.zeroGradients]);
      return pixels;
    };
    assertEquals(whole.dtype, "int32");
    assertEquals(await pixelsOf(whole), await pixelsOf(labels));
    assertEquals(tf.memory().numTensors, numTensors);
    tf.dispose([images, whole, labels]);
    classifier.dispose();
  },
);

compiledTest("plans follow weights that are assigned", async () => {
  const classifier = build(small);
  const images = drawImages(2, 1);
  const check = async () => {
    const [compiled, tape] = [
      classifier.classify(images),
      classifier.classify(images),
    ];
    const difference = tf.max(tf.abs(tf.sub(compiled, tape)));
    assert((await difference.data())[0]! < 1e-5);
    const scores = await compiled.data();
    tf.dispose([compiled, tape, difference]);
    return scores;
  };
  const before = await check();
  for (const variable of classifier.parameters) {
    tf.tidy(() => variable.assign(tf.mul(variable, 0.5) as tf.Tensor));
  }
  const after = await check();
  assert(before.some((score, i) => Math.abs(score - after[i]!) > 1e-3));
  images.dispose();
  classifier.dispose();
});

compiledTest(
  "a plan is kept for each batch size, and attacks with many sizes do not gather memory",
  async ({ settle }) => {
    const classifier = build();
    const run = () => {
      for (let rows = 1; rows <= 40; rows++) {
        const images = drawImages(rows, rows);
        classifier.classify(images).dispose();
        images.dispose();
      }
    };
    run();
    await settle();
    const before = memoryBytes();
    for (let round = 0; round < 5; round++) run();
    await settle();
    assertEquals(memoryBytes(), before);
    classifier.dispose();
  },
);

compiledTest("memory does not grow over 1,000 steps", async ({ settle }) => {
  const classifier = build(small);
  const optimizer = buildOptimizer(
    { name: "adam", learningRate: 0.001, weightDecay: 0 },
    classifier.weights,
  );
  const steps = openSteps({ classifier, optimizer });
  const batches = [4, 4, 3].map((rows, step) =>
    drawBatch(classifier, { rows, step })
  );
  const attack = pgd({
    epsilon: 0.1,
    stepSize: 0.05,
    steps: 1,
    randomStart: true,
  });
  const epoch = async () => {
    steps.beginEpoch(batches.length);
    for (const batch of batches) {
      steps.load(batch);
      steps.attack(attack, (row) => openStream(row, "attack"));
      steps.update(0.001);
    }
    await steps.readLosses();
    await settle();
  };
  await epoch();
  await epoch();
  const before = [tf.memory().numTensors, memoryBytes()];
  for (let i = 0; i < 334; i++) await epoch();
  assertEquals([tf.memory().numTensors, memoryBytes()], before);
  steps.dispose();
  optimizer.dispose();
  classifier.dispose();
}, { isSlow: true });

/** Bytes that the backend has taken from the system, where it can tell. */
function memoryBytes(): number {
  const { wasm } = tf.backend() as unknown as {
    wasm?: { asm: { memory: WebAssembly.Memory } };
  };
  return wasm?.asm.memory.buffer.byteLength ?? tf.memory().numBytes;
}

Deno.test("cpu: a classifier runs on the tape and says why", async () => {
  await openBackend("cpu");
  const classifier = buildClassifier(exact, { input, seed: 1 });
  assertEquals(compiledOf(classifier), undefined);
  assertEquals(classifier.notCompiled, 'the backend "cpu"');
  assertEquals(classifier.classify.ascend, undefined);
  classifier.dispose();
});
