import { assertEquals, assertRejects } from "@std/assert";
import type { Attack } from "../../src/attacks/attack.ts";
import { fgsm } from "../../src/attacks/pgd.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import {
  readParameters,
  writeParameters,
} from "../../src/models/parameters.ts";
import { checkCounts } from "../../src/results/check_result_set.ts";
import { finishedCellSchema } from "../../src/results/result_set.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

Deno.test("wasm: evaluate() refuses batches, rows and labels with which it would not end or judge the wrong images", async () => {
  const dataset = await loadDataset("cifar10-mini", { limitTest: 10 });
  const backend = await openBackend("wasm");
  const classifier = buildClassifier(
    defineNetwork({ type: "flatten" }, { type: "dense" }),
    { input: { shape: dataset.shape, classes: 10 }, seed: 3 },
  );
  const refused = async (fields: object, message: string) => {
    const options = { backend, split: "test", batch: 4, seed: 0 } as const;
    await assertRejects(
      () => evaluate(classifier, dataset, { ...options, ...fields }),
      RangeError,
      message,
    );
  };
  for (const batch of [0, -1, 2.5, NaN]) {
    await refused(
      { batch },
      `"batch" must be an integer of at least 1, got ${batch}`,
    );
  }
  await refused(
    { rows: Uint32Array.of(0, 10) },
    '"rows" must be below 10, the test images of cifar10-mini, got 10',
  );
  await refused(
    { rows: Uint32Array.of(0, 1), labels: Uint8Array.of(3) },
    '"labels" must have as many entries as "rows", 2, got 1',
  );
  classifier.dispose();
});

Deno.test("wasm: evaluate() counts the images whose logits are not finite, and pixels that an attack makes of them", async () => {
  const dataset = await loadDataset("cifar10-mini", { limitTest: 10 });
  const backend = await openBackend("wasm");
  const classifier = buildClassifier(
    defineNetwork({ type: "flatten" }, { type: "dense" }),
    { input: { shape: dataset.shape, classes: 10 }, seed: 3 },
  );
  const show = async (attack?: Attack) => {
    const { correct: _, ...facts } = await evaluate(classifier, dataset, {
      backend,
      split: "test",
      batch: 4,
      seed: 0,
      attack,
    });
    return facts;
  };
  assertEquals((await show()).nonFiniteLogits, 0);
  const [kernel, bias] = await readParameters(classifier);
  // Infinite for one class only, whose images are then told apart no more.
  writeParameters(classifier, [kernel!, bias!.fill(Infinity, 0, 1)]);
  assertEquals((await show()).nonFiniteLogits, 10);
  const attacked = await show(fgsm({ epsilon: 8 / 255 }));
  assertEquals(attacked.nanPixels, 10 * 32 * 32 * 3);
  assertEquals(attacked.maxPerturbation, 0);
  classifier.dispose();
});

/** A run whose every loss is finite, but not what its last step leaves. */
async function ruin(fields: Partial<StudyInput>) {
  const limits = { limitTrain: 64, limitTest: 20 };
  const dataset = await loadDataset("cifar10-mini", limits);
  const backend = await openBackend("wasm");
  const study = parseStudy({
    name: "overflow",
    ...limits,
    ratios: [0],
    epochs: 1,
    batch: 64,
    augment: "none",
    attacks: ["fgsm", "pgd-2"],
    ...fields,
  });
  const [cell] = planCells(study, "wasm");
  let listened = 0;
  const finished = await runCell(cell!, dataset, {
    backend,
    onTrained: () => Promise.resolve(void listened++),
  });
  assertEquals(finishedCellSchema.safeParse(finished).error, undefined);
  assertEquals(checkCounts(finished, digestDataset(dataset)), []);
  assertEquals(listened, 0);
  return finished.outcome;
}

const ruins: Record<string, Partial<StudyInput>> = {
  "finite weights whose logits are not": { learningRate: 1e37 },
  "no finite weight": { learningRate: 1e39 },
  "a variance that is infinite, and finite logits": {
    networks: {
      normalised: defineNetwork(
        { type: "conv", filters: 2, stride: 8 },
        { type: "batchNorm" },
        { type: "flatten" },
        { type: "dense", frozen: true },
      ),
    },
    model: ["normalised"],
    optimizer: "sgd",
    learningRate: 1e24,
    weightDecay: 0,
    batch: 32,
  },
};

for (const [what, fields] of Object.entries(ruins)) {
  Deno.test(`wasm: runCell() records that a run diverged whose last step leaves ${what}`, async () => {
    const { divergedAtEpoch, epochs, flags, test, train } = await ruin(fields);
    // The epoch itself has a loss, and is listed as it is before another.
    assertEquals([divergedAtEpoch, epochs.length], [1, 1]);
    assertEquals(flags, [{ flag: "diverged", where: "epoch 1", value: null }]);
    assertEquals([test, train], [null, null]);
  });
}

Deno.test("wasm: runCell() records no best and no averaged weights of a run that its last step ruins, but the counts after its epochs", async () => {
  const outcome = await ruin({
    learningRate: 1e37,
    attackTraining: true,
    evaluateEvery: 1,
    validation: 10,
    averageDecay: 0.9,
  });
  assertEquals(outcome.divergedAtEpoch, 1);
  assertEquals([outcome.best, outcome.averaged], [undefined, undefined]);
  const [{ correct, validation } = {}] = outcome.epochs;
  assertEquals([typeof correct, typeof validation], ["number", "object"]);
});
