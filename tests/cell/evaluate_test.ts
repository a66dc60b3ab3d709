import { assertRejects } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { defineNetwork } from "../../src/spec/network.ts";

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
