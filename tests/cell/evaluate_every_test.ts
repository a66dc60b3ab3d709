import { assert, assertEquals } from "@std/assert";
import type { BackendName } from "../../src/spec/backends.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { cellCost } from "../../src/cell/cell_cost.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { webgpuTest } from "../webgpu_available.ts";

const limits = { limitTrain: 60, limitTest: 40 };
const dataset = await loadDataset("cifar10-mini", limits);

/** The cells of a small study, before they are run. */
function plan(fields: Partial<StudyInput>, backend: BackendName = "wasm") {
  return planCells(
    parseStudy({
      name: "counted",
      ...limits,
      ratios: [1],
      epochs: 4,
      batch: 10,
      optimizer: "adam",
      learningRate: 0.002,
      attacks: ["fgsm"],
      ...fields,
    }),
    backend,
  );
}

async function run(
  fields: Partial<StudyInput>,
  name: BackendName = "wasm",
): Promise<FinishedCell> {
  const backend = await openBackend(name);
  const [cell] = plan(fields, name);
  return await runCell(cell!, dataset, { backend });
}

const counts = ({ outcome }: FinishedCell) =>
  outcome.epochs.map(({ correct }) => correct);

/** The outcome without the counts after its epochs. */
function uncounted({ outcome }: FinishedCell): FinishedCell["outcome"] {
  return {
    ...outcome,
    epochs: outcome.epochs.map(({ correct: _, ...epoch }) => epoch),
  };
}

/**
 * At a constant rate a shorter run is the beginning of a longer one, so its
 * final evaluation says what the longer one must have counted there.
 */
async function checkAgainstShorterRuns(
  fields: Partial<StudyInput>,
  backend: BackendName,
) {
  const counted = await run({ ...fields, evaluateEvery: 1 }, backend);
  const finals = [];
  for (const epochs of [1, 2, 3, 4]) {
    const { outcome } = await run({ ...fields, epochs }, backend);
    finals.push(outcome.test!.clean.correct);
  }
  assertEquals(counts(counted), finals);
  assert(new Set(finals).size > 1, `${finals} tells no epoch from another`);
  return counted;
}

for (const training of ["standard", "adversarial"] as const) {
  Deno.test(`wasm: runCell() ${training} counts after each epoch the same as a run that ends there`, async () => {
    await checkAgainstShorterRuns({
      training: [training],
      ...(training === "adversarial" && { trainSteps: 2 }),
      epsilon: 1 / 255,
    }, "wasm");
  });
}

Deno.test("wasm: runCell() counts on moved test images where testAugment moves them", async () => {
  const fields = { testAugment: true } as const;
  const moved = await checkAgainstShorterRuns(fields, "wasm");
  assertEquals(moved.config.evaluation.augmentation, "crop-flip");
});

Deno.test("wasm: runCell() has the same outcome with counts as without, and no flag", async () => {
  const plain = await run({});
  for (const evaluateEvery of [1, 3]) {
    const counted = await run({ evaluateEvery });
    assertEquals(uncounted(counted), plain.outcome);
    assertEquals(counted.outcome.flags, []);
  }
  assertEquals(counts(plain), Array(4).fill(undefined));
});

Deno.test("wasm: runCell() counts at the given interval and after the last epoch", async () => {
  const every3 = await run({ evaluateEvery: 3 });
  const { correct } = every3.outcome.test!.clean;
  const [first, second, third, last] = counts(every3);
  assertEquals([first, second, last], [undefined, undefined, correct]);
  assert(third !== undefined);
  const beyond = await run({ evaluateEvery: 9 });
  assertEquals(counts(beyond).slice(0, 3), Array(3).fill(undefined));
  assertEquals(counts(beyond)[3], correct);
});

Deno.test("wasm: runCell() counts nothing in or after the epoch that diverges", async () => {
  // One step ruins the weights; the loss shows it in the epoch after.
  const { outcome } = await run({
    optimizer: "sgd",
    learningRate: 1e30,
    batch: 120,
    evaluateEvery: 1,
  });
  assertEquals(outcome.divergedAtEpoch, 1);
  assertEquals(outcome.test, null);
  assertEquals(outcome.epochs.length, 1);
  assert(outcome.epochs[0]!.correct !== undefined);
});

Deno.test("wasm: runCell() includes the time of counting in evaluateMs and not in the times of training", async () => {
  const backend = await openBackend("wasm");
  const many = await loadDataset("cifar10-mini", { limitTrain: 10 });
  // Seven counts of 1,000 images between eight epochs of ten.
  const [cell] = plan({
    limitTrain: 10,
    limitTest: undefined,
    ratios: [0],
    epochs: 8,
    evaluateEvery: 1,
    attacks: [],
  });
  const { timing } = await runCell(cell!, many, { backend });
  const { trainMs, evaluateMs } = timing;
  const epochsMs = timing.epochs.reduce((sum, { totalMs }) => sum + totalMs, 0);
  const facts = JSON.stringify({ trainMs, evaluateMs, epochsMs });
  // Were counts in the epochs, these would last longer than training.
  assert(epochsMs <= trainMs, facts);
  // Were they in training, it would last about as long as evaluation on top.
  assert(trainMs - epochsMs < evaluateMs / 2, facts);
});

Deno.test("cellCost() counts the test images once more for each count but the last", () => {
  const rows = { train: 60, slots: 120, test: 40 };
  const total = (fields: Partial<StudyInput>) =>
    cellCost(plan({ epochs: 10, ...fields })[0]!.config, rows).total;
  const plain = total({});
  assertEquals(total({ evaluateEvery: 1 }), plain + 9 * 40);
  assertEquals(total({ evaluateEvery: 4 }), plain + 2 * 40);
  assertEquals(total({ evaluateEvery: 5 }), plain + 1 * 40);
  assertEquals(total({ evaluateEvery: 10 }), plain);
});

webgpuTest(
  "runCell() counts after each epoch the same as a run that ends there",
  async () => {
    const counted = await checkAgainstShorterRuns({}, "webgpu");
    const plain = await run({}, "webgpu");
    assertEquals(uncounted(counted), plain.outcome);
    assertEquals(counted.outcome.flags, []);
  },
  { isSlow: true },
);
