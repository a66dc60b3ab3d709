import { assertEquals, assertRejects } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { finishedCellSchema } from "../../src/results/result_set.ts";
import { defineNetwork } from "../../src/spec/network.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";

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

Deno.test("wasm: runCell() records attacks on weights that the last step has made useless", async () => {
  const limits = { limitTrain: 64, limitTest: 20 };
  const dataset = await loadDataset("cifar10-mini", limits);
  const backend = await openBackend("wasm");
  const study = parseStudy({
    name: "overflow",
    ...limits,
    ratios: [0],
    epochs: 1,
    batch: 64,
    // One step, whose loss is finite: only its logits afterwards are not.
    learningRate: 1e37,
    augment: "none",
    attacks: ["fgsm", "pgd-2"],
    attackTraining: true,
  });
  const [cell] = planCells(study, "wasm");
  const finished = await runCell(cell!, dataset, { backend });
  const { divergedAtEpoch, test, train, flags } = finished.outcome;
  assertEquals(divergedAtEpoch, null);
  assertEquals(finishedCellSchema.safeParse(finished).error, undefined);
  for (const { byAttack } of [test!, train!]) {
    const changes = Object.values(byAttack!).map((of) => of.maxPerturbation);
    assertEquals(changes, [0, 0]);
  }
  assertEquals(
    flags.map(({ flag, value }) => [flag, value]),
    [20, 20, 64, 64].map((images) => [
      "not-a-number" as const,
      images * 32 * 32 * 3,
    ]),
  );
});
