import { assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { TrainingAttack } from "../../src/attacks/attack.ts";
import { pgd } from "../../src/attacks/pgd.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { Stream } from "../../src/core/stream.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import {
  planDuplication,
  trainingRows,
} from "../../src/duplication/plan_duplication.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { initialValues } from "../../src/models/initial_weights.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";
import { train, type TrainingOptions } from "../../src/train/train.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 40,
  limitTest: 10,
});

/** Tensors that there are before the first run; other files may leave some. */
let tensorsBefore: number | undefined;

/** What each seeded stream gave during a run, by purpose. */
async function draws(
  change: Partial<TrainingOptions> & { dropout?: number; filters?: number },
) {
  const backend = await openBackend("wasm");
  tensorsBefore ??= tf.memory().numTensors;
  const { dropout = 0.5, filters = 4, ...options } = change;
  const seed = options.seed ?? 0;
  const rows = trainingRows(planDuplication(dataset.train.labels, 10, {
    policy: "uniform",
    ratio: 0.5,
    mode: "add",
    seed,
  }));
  const starts: number[] = [];
  const shuffle: number[][] = [];
  const inner = pgd({
    epsilon: 0.03,
    stepSize: 0.01,
    steps: 1,
    randomStart: true,
  });
  // A recording attack around the real one: it sees the streams that it gets.
  const attack: TrainingAttack = {
    ...inner,
    perturb: (classify, batch) =>
      inner.perturb(classify, {
        ...batch,
        streamOf: (index) => recorded(batch.streamOf(index), starts),
      }),
  };
  const network = publishedNetwork({
    filters: [filters, 8],
    hidden: 8,
    dropout,
  });
  const input = { shape: dataset.shape, classes: 10 };
  const classifier = buildClassifier(network, { input, seed });
  await train(classifier, dataset, {
    rows,
    batch: 16,
    epochs: 2,
    budget: "epochs",
    seed,
    augmentation: { name: "crop-flip", copies: "own" },
    optimizer: { name: "adam", learningRate: 0.001, weightDecay: 0 },
    schedule: { name: "constant" },
    attack,
    ...options,
  }, { backend, onStep: ({ slots }) => shuffle.push([...slots]) });
  classifier.dispose();
  const init = initialValues({
    name: "w",
    shape: [4],
    kind: "weight",
    fanIn: 4,
    isTrained: true,
  }, seed);
  return {
    plan: digestOf([...rows]),
    shuffle: digestOf(shuffle),
    attack: digestOf(starts.toSorted((a, b) => a - b)),
    init: digestOf([...init]),
  };
}

function recorded(stream: Stream, into: number[]): Stream {
  let first = true;
  return {
    ...stream,
    uniform() {
      const value = stream.uniform();
      if (first) into.push(value);
      first = false;
      return value;
    },
    fillSymmetric(values, bound) {
      stream.fillSymmetric(values, bound);
      if (first) into.push(values[0]!);
      first = false;
    },
  };
}

const changes: Record<string, Parameters<typeof draws>[0]> = {
  "dropout off": { dropout: 0 },
  "augmentation off": { augmentation: { name: "none", copies: "own" } },
  "copies augmented alike": {
    augmentation: { name: "crop-flip", copies: "same" },
  },
  "another optimizer": {
    optimizer: {
      name: "sgd",
      learningRate: 0.01,
      momentum: 0.9,
      weightDecay: 0,
    },
  },
  "a wider layer": { filters: 8 },
};

for (const [name, change] of Object.entries(changes)) {
  Deno.test(`wasm: train() with ${name} draws plan, shuffle, attack starts and weights as before`, async () => {
    assertEquals(await draws(change), await draws({}));
  });
}

Deno.test("wasm: train() draws differently with each seed, 0 included", async () => {
  const zero = await draws({ seed: 0 });
  const one = await draws({ seed: 1 });
  for (const purpose of ["plan", "shuffle", "attack", "init"] as const) {
    assertNotEquals(zero[purpose], one[purpose], purpose);
  }
  assertEquals(await draws({ seed: 0 }), zero);
});

Deno.test("tf.memory() shows that the tests above leave no tensors", () => {
  assertEquals(tf.memory().numTensors, tensorsBefore);
});
