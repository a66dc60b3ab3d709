import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { openBackend } from "../../src/backend/open_backend.ts";
import { cellWork } from "../../src/cell/cell_cost.ts";
import { estimateCell } from "../../src/cell/estimate_cell.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import type { TrainingList } from "../../src/cell/training_list.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { holdOut } from "../../src/data/hold_out.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { bestEpoch } from "../../src/results/best_epoch.ts";
import { checkCounts } from "../../src/results/check_result_set.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { webgpuTest } from "../webgpu_available.ts";

const limits = { limitTrain: 90, limitTest: 30 };
const dataset = await loadDataset("cifar10-mini", limits);
const pixelsOf = ({ pixels, rows }: Dataset["train"], row: number) =>
  pixels.slice(row * pixels.length / rows, (row + 1) * pixels.length / rows);

Deno.test("holdOut() takes a class-balanced subset, and leaves the rest in order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 89 }), (count) => {
      const { dataset: rest, validation } = holdOut(dataset, count);
      const kept = [...rest.train.sourceRows!];
      const out = [...validation.sourceRows!];
      assertEquals(out.length, count);
      assertEquals(
        [...kept, ...out].sort((a, b) => a - b),
        [...dataset.train.sourceRows!],
      );
      assertEquals(kept, [...kept].sort((a, b) => a - b));
      const perClass = Array<number>(10).fill(0);
      validation.labels.forEach((label) => perClass[label]!++);
      assert(Math.max(...perClass) - Math.min(...perClass) <= 1);
      for (const images of [rest.train, validation]) {
        images.sourceRows!.forEach((source, row) => {
          const from = dataset.train.sourceRows!.indexOf(source);
          assertEquals(images.labels[row], dataset.train.labels[from]);
          assertEquals(pixelsOf(images, row), pixelsOf(dataset.train, from));
        });
      }
      assertEquals(rest.test, dataset.test);
    }),
    { numRuns: 10 },
  );
});

Deno.test("holdOut() refuses to leave nothing to train on", () => {
  assertThrows(
    () => holdOut(dataset, 90),
    RangeError,
    '"validation" must leave some of the 90 training images',
  );
  const [cell] = planCells(parsed({ validation: 90 }), "wasm");
  assertThrows(() => estimateCell(cell!, dataset), UsageError, "validation");
});

function parsed(fields: Partial<StudyInput>) {
  return parseStudy({
    name: "x",
    ...limits,
    ratios: [0.5],
    epochs: 4,
    batch: 15,
    optimizer: "adam",
    learningRate: 0.003,
    attacks: ["fgsm"],
    epsilon: 2 / 255,
    evaluateEvery: 1,
    ...fields,
  });
}

async function run(
  fields: Partial<StudyInput>,
  { images = dataset, name = "wasm" as "wasm" | "webgpu" } = {},
) {
  const backend = await openBackend(name);
  let list: TrainingList | undefined;
  const cell = await runCell(
    planCells(parsed(fields), name).at(-1)!,
    images,
    { backend, onPlanned: (planned) => list = planned },
  );
  return { ...cell, list: list! };
}

/**
 * At a constant rate a shorter run is the beginning of a longer one. If its test
 * images are those held out, its evaluation says what the longer one counted; if
 * not, what the weights of that epoch make of the test images.
 */
async function checkAgainstShorterRuns(
  fields: Partial<StudyInput>,
  name: "wasm" | "webgpu",
) {
  const held = holdOut(dataset, 40);
  const found = await run({ ...fields, validation: 40 }, { name });
  const { epochs, best } = found.outcome;
  const isRobust = found.config.training.name !== "standard";
  const scores: number[] = [];
  for (const [epoch, { validation }] of epochs.entries()) {
    const shorter = { ...fields, epochs: epoch + 1 };
    const images = { ...held.dataset, test: held.validation };
    const { outcome } = await run(shorter, { images, name });
    const { clean, byAttack } = outcome.test!;
    const robust = byAttack["fgsm"]!.correct;
    assertEquals(validation, {
      correct: clean.correct,
      ...(isRobust && { robust }),
    });
    scores.push(isRobust ? robust : clean.correct);
  }
  const first = scores.indexOf(Math.max(...scores));
  assertEquals(best!.epoch, first);
  const shorter = { ...fields, epochs: first + 1 };
  const { outcome } = await run(shorter, { images: held.dataset, name });
  const { test, weightsSha256 } = outcome;
  assertEquals(best, { epoch: first, test: test!, weightsSha256 });
  return { found, scores };
}

for (
  const fields of [
    {},
    { training: ["n-fgsm"], learningRate: 0.01 },
    { training: ["adversarial"], trainSteps: 2, budget: ["epochs"] },
  ] as Partial<StudyInput>[]
) {
  const [training] = fields.training ?? ["standard"];
  Deno.test(`wasm: runCell() ${training} finds the best epoch by images held out, as runs that end there`, async () => {
    const { found, scores } = await checkAgainstShorterRuns(fields, "wasm");
    assert(new Set(scores).size > 1, `${scores} tells no epoch from another`);
    const testPerClass = found.outcome.test!.rowsPerClass;
    assertEquals(checkCounts(found, { testPerClass }), []);
  });
}

webgpuTest(
  "runCell() finds the best epoch by images held out, as runs that end there",
  async () => void await checkAgainstShorterRuns({ epochs: 2 }, "webgpu"),
  { isSlow: true },
);

Deno.test("wasm: runCell() neither trains on nor copies images that are held out", async () => {
  const held = new Set(holdOut(dataset, 40).validation.sourceRows);
  for (const ratio of [0, 1]) {
    const fields: Partial<StudyInput> = { ratios: [ratio], epochs: 1 };
    const { list } = await run({ ...fields, validation: 40 });
    assertEquals(list.originals, 50);
    assertEquals(list.rows.length, 50 * (1 + ratio));
    const sources = list.images.sourceRows!;
    assertEquals(list.images.rows, 50);
    assert([...list.imageRows].every((row) => !held.has(sources[row]!)));
  }
});

Deno.test("cellWork() counts what is evaluated after epochs and with other weights", () => {
  const rows = { train: 60, slots: 90, test: 30 };
  const workOf = (fields: Partial<StudyInput>) =>
    cellWork(planCells(parsed(fields), "wasm").at(-1)!.config, rows);
  const plain = workOf({ evaluateEvery: 2 });
  // Validation: two counts of 20 images, and 30 test images under one step.
  const held = workOf({ evaluateEvery: 2, validation: 20 });
  assertEquals(held.evaluations - plain.evaluations, 2 * 20 + 30 + 30);
  assertEquals(held.attackSteps - plain.attackSteps, 30);
  const averaged = workOf({ evaluateEvery: 2, averageDecay: 0.5 });
  assertEquals(averaged.evaluations - plain.evaluations, 30 + 30);
  assertEquals(averaged.attackSteps - plain.attackSteps, 30);
  // Ten images under one step and under ten, twice.
  const training: Partial<StudyInput> = {
    training: ["n-fgsm"],
    overfittingImages: 10,
  };
  const looked = workOf({ evaluateEvery: 2, ...training });
  assertEquals(looked.evaluations - plain.evaluations, 2 * 10 * 2);
  assertEquals(
    looked.attackSteps - plain.attackSteps,
    looked.updates + 2 * 10 * 11,
  );
});

Deno.test("bestEpoch() is the first of the highest, robust before clean, overfit ones last", () => {
  const overfit = { images: 100, singleStep: 90, pgd: 0 };
  const sound = { images: 100, singleStep: 30, pgd: 28 };
  const at = (correct: number, robust?: number) => ({
    validation: { correct, ...(robust !== undefined && { robust }) },
  });
  assertEquals(bestEpoch([]), null);
  assertEquals(bestEpoch([{}, {}]), null);
  assertEquals(bestEpoch([at(3), {}, at(5), at(5)]), 2);
  assertEquals(bestEpoch([at(9, 2), at(3, 3)]), 1);
  assertEquals(
    bestEpoch([
      { ...at(9, 3), overfitting: sound },
      { ...at(9, 9), overfitting: overfit },
    ]),
    0,
  );
  assertEquals(
    bestEpoch([
      { ...at(9, 8), overfitting: overfit },
      { ...at(9, 9), overfitting: overfit },
    ]),
    1,
  );
});

Deno.test("checkCounts() finds a best epoch that is not, and counts that are missing or too large", async () => {
  const cell = await run({ epochs: 2, validation: 40 });
  const testPerClass = cell.outcome.test!.rowsPerClass;
  const faultsOf = (change: (outcome: FinishedCell["outcome"]) => void) => {
    const { list: _, ...copy } = structuredClone(cell);
    change(copy.outcome);
    return checkCounts(copy, { testPerClass });
  };
  const { epoch } = cell.outcome.best!;
  assertEquals(faultsOf(({ best }) => best!.epoch = 1 - epoch), [
    `outcome.best.epoch: expected ${epoch}, got ${1 - epoch} in the file`,
  ]);
  assertEquals(faultsOf((outcome) => delete outcome.best), [
    "outcome.best: expected counts, got none in the file",
  ]);
  assertEquals(faultsOf(({ epochs }) => delete epochs[0]!.validation), [
    "outcome.epochs.0.validation: expected counts, got none in the file",
  ]);
  assertEquals(faultsOf(({ epochs }) => epochs[1]!.validation!.correct = 41), [
    "outcome.epochs.1.validation.correct: expected at most 40, got 41 in the file",
  ]);
});
