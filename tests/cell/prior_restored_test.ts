import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { makeTrainingList } from "../../src/cell/training_list.ts";
import { countPerClass } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

const limits = { limitTrain: 60, limitTest: 20 };
const dataset = await loadDataset("cifar10-mini", limits);

const configOf = (fields: Partial<StudyInput>) =>
  planCells(
    parseStudy({
      name: "prior",
      ...limits,
      ratios: [1],
      standIn: ["prior-restored"],
      epochs: 2,
      batch: 20,
      attacks: ["fgsm"],
      ...fields,
    }),
    "wasm",
  )[0]!;

const listOf = (fields: Partial<StudyInput>) =>
  makeTrainingList(dataset, configOf(fields).config);

for (
  const [name, fields] of Object.entries<Partial<StudyInput>>({
    "exact copies of biased classes": { policy: ["class-biased"] },
    "near copies of one class": {
      policy: ["single-class"],
      class: 3,
      copies: ["near"],
      nearKinds: ["flip", "shift"],
    },
    "copies of few images": { policy: ["concentrated"], ratios: [0.5] },
    "near copies, most of which are removed": {
      policy: ["class-biased"],
      copies: ["near"],
      nearKinds: ["brightness"],
      dedup: ["near"],
      seeds: [2],
    },
  })
) {
  Deno.test(`makeTrainingList() prior-restored keeps the class mix of the loss, to 1e-6: ${name}`, async () => {
    const list = await listOf(fields);
    const mix = new Float64Array(10);
    list.labels.forEach((label, slot) => mix[label]! += list.weights![slot]!);
    const before = countPerClass(list.labels.subarray(0, list.originals), 10);
    mix.forEach((sum, label) =>
      assertAlmostEquals(
        sum / list.rows.length,
        before[label]! / list.originals,
        1e-6,
      )
    );
    const after = countPerClass(list.labels, 10);
    assert(
      after.some((n, label) =>
        n * list.originals !== before[label]! * list.rows.length
      ),
      "the copies change the class mix of the slots",
    );
  });
}

Deno.test("makeTrainingList() prior-restored has the slots and pixels of copies, exact and near", async () => {
  for (const copies of ["exact", "near"] as const) {
    const fields: Partial<StudyInput> = {
      policy: ["class-biased"],
      copies: [copies],
      ...(copies === "near" && { nearKinds: ["flip", "shift"] }),
    };
    const plain = await listOf({ ...fields, standIn: ["copies"] });
    const { weights, ...restored } = await listOf(fields);
    assertEquals(restored, plain);
    assert(new Set(weights).size > 1);
  }
});

Deno.test("makeTrainingList() prior-restored weighs what deduplication leaves", async () => {
  const { weights, ...list } = await listOf({
    policy: ["class-biased"],
    dedup: ["exact"],
  });
  assertEquals(list.rows.length, list.originals);
  assertEquals(new Set(weights), new Set([1]));
});

Deno.test("wasm: runCell() prior-restored of even copies at ratio 1 has weights of exactly 1, and the outcome of copies", async () => {
  const backend = await openBackend("wasm");
  const run = async (standIn: "copies" | "prior-restored") => {
    const weights = new Set<number>();
    const { outcome, duplication } = await runCell(
      configOf({ standIn: [standIn] }),
      dataset,
      {
        backend,
        onPlanned: (list) => list.weights?.forEach((w) => weights.add(w)),
      },
    );
    return { weights: [...weights], rest: { outcome, duplication } };
  };
  const copies = await run("copies");
  const restored = await run("prior-restored");
  assertEquals(copies.weights, []);
  assertEquals(restored.weights, [1]);
  assertEquals(restored.rest, copies.rest);
});

Deno.test("wasm: runCell() prior-restored weighs the loss of each slot, in float64 to 1e-5", async () => {
  const backend = await openBackend("wasm");
  const fields: Partial<StudyInput> = {
    policy: ["class-biased"],
    // As good as no step, and all slots in one batch.
    learningRate: 1e-30,
    momentum: 0,
    weightDecay: 0,
    model: ["still"],
    networks: {
      still: {
        layers: [{ type: "flatten" }, { type: "dense" }],
      },
    },
    augment: "none",
    epochs: 1,
    batch: 120,
    budget: ["epochs"],
    attacks: [],
  };
  const cell = configOf(fields);
  let losses: Float64Array | undefined;
  const { outcome } = await runCell(cell, dataset, {
    backend,
    async onTrained({ classify }, { images, imageRows, labels }) {
      const tf = await import("@tensorflow/tfjs");
      const logits = await tf.tidy(() =>
        classify(
          tf.tensor4d(
            Float32Array.from(images.pixels, (byte) => byte / 255),
            [images.rows, 32, 32, 3],
          ),
        )
      ).array() as number[][];
      losses = Float64Array.from(labels, (label, slot) => {
        const scores = logits[imageRows[slot]!]!;
        const sum = scores.reduce((sum, z) => sum + Math.exp(z), 0);
        return Math.log(sum) - scores[label]!;
      });
    },
  });
  const { labels } = await makeTrainingList(dataset, cell.config);
  // By definition: the mean over classes, each with its share of the originals.
  const originals = countPerClass(dataset.train.labels, 10);
  const expected = originals.reduce((total, n, label) => {
    const own = losses!.filter((_, slot) => labels[slot] === label);
    return total + n / 60 * own.reduce((a, b) => a + b, 0) / own.length;
  }, 0);
  assertAlmostEquals(outcome.epochs[0]!.loss, expected, 1e-5 * expected);
  const plain = losses!.reduce((a, b) => a + b, 0) / losses!.length;
  assert(Math.abs(plain - expected) > 1e-4, "weights make a difference");
});

Deno.test("wasm: runCell() prior-restored records the plan of copies and trains as many steps", async () => {
  const backend = await openBackend("wasm");
  const run = async (fields: Partial<StudyInput>): Promise<FinishedCell> =>
    await runCell(configOf({ policy: ["class-biased"], ...fields }), dataset, {
      backend,
    });
  for (const budget of ["steps", "epochs"] as const) {
    const copies = await run({ standIn: ["copies"], budget: [budget] });
    const restored = await run({ budget: [budget] });
    assertEquals(restored.duplication, copies.duplication);
    assertEquals(
      restored.outcome.epochs.map(({ steps, images }) => [steps, images]),
      copies.outcome.epochs.map(({ steps, images }) => [steps, images]),
    );
    assert(restored.outcome.weightsSha256 !== copies.outcome.weightsSha256);
  }
});
