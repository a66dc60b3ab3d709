import { assert, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { countPerClass } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { TorchTensor } from "../../src/models/torch_layout.ts";
import { checkCounts } from "../../src/results/check_result_set.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { webgpuTest } from "../webgpu_available.ts";

const limits = { limitTrain: 40, limitTest: 30 };
const dataset = await loadDataset("cifar10-mini", limits);
const testPerClass = countPerClass(dataset.test.labels, 10);

/** A network with running statistics, whose averages count as well. */
const fields: Partial<StudyInput> = {
  model: ["mine"],
  networks: {
    mine: {
      layers: [
        { type: "conv", filters: 4, stride: 4 },
        { type: "batchNorm" },
        { type: "relu" },
        { type: "flatten" },
        { type: "dense" },
      ],
    },
  },
  // One step per epoch: a run that ends earlier has the weights of that step.
  batch: 40,
  ratios: [0],
  optimizer: "adam",
  learningRate: 0.01,
  attacks: ["fgsm"],
};

type WeightsByName = Record<string, TorchTensor[]>;

async function run(
  more: Partial<StudyInput>,
  name: "wasm" | "cpu" | "webgpu" = "wasm",
): Promise<{ cell: FinishedCell; weights: WeightsByName }> {
  const backend = await openBackend(name);
  const study = parseStudy({ name: "x", ...limits, ...fields, ...more });
  const weights: WeightsByName = {};
  const cell = await runCell(planCells(study, name)[0]!, dataset, {
    backend,
    onWeights: (which, tensors) => weights[which] = tensors,
  });
  return { cell, weights };
}

/** Compares averages with sums over the weights of shorter runs, in float64. */
async function checkAverages(name: "wasm" | "cpu" | "webgpu", epochs = 4) {
  const found = await run({ epochs, averageDecay: 0.15 }, name);
  const { initial, averaged } = found.weights;
  const expected = initial!.map(({ data }) => Array.from(data));
  for (let t = 0; t < epochs; t++) {
    const { weights } = await run({ epochs: t + 1 }, name);
    const d = Math.min(0.15, (1 + t) / (10 + t));
    weights.final!.forEach(({ data }, i) =>
      data.forEach((value, at) =>
        expected[i]![at] = d * expected[i]![at]! + (1 - d) * value
      )
    );
  }
  averaged!.forEach(({ name, data }, i) =>
    data.forEach((value, at) => {
      const right = expected[i]![at]!;
      const error = Math.abs(value - right);
      assert(error <= 1e-5 * Math.max(1, Math.abs(right)), `${name}[${at}]`);
    })
  );
  return found;
}

Deno.test("wasm: runCell() averages weights and running statistics over steps", async () => {
  const { cell, weights } = await checkAverages("wasm");
  const { outcome } = cell;
  assert(outcome.averaged!.weightsSha256 !== outcome.weightsSha256);
  assertEquals(Object.keys(outcome.averaged!.test.byAttack), ["fgsm"]);
  const { averaged: _, ...rest } = outcome;
  const plain = await run({ epochs: 4 });
  assertEquals(rest, plain.cell.outcome, "the average changes nothing else");
  assertEquals(weights.final, plain.weights.final);
});

Deno.test("cpu: runCell() averages weights and running statistics over steps", async () => {
  await checkAverages("cpu", 2);
});

webgpuTest(
  "runCell() averages weights and running statistics over steps",
  async () => void await checkAverages("webgpu", 2),
);

Deno.test("wasm: runCell() evaluates averages as it does the weights of a run that has them", async () => {
  // A decay of almost 0 leaves the last weights.
  const { cell } = await run({ epochs: 2, averageDecay: 1e-30 });
  const { test, weightsSha256, averaged } = cell.outcome;
  assertEquals(averaged, { test, weightsSha256 });
});

Deno.test("checkCounts() finds averages that are missing, superfluous or edited", async () => {
  const { cell } = await run({ epochs: 1, averageDecay: 0.5 });
  const faultsOf = (change: (cell: FinishedCell) => void) => {
    const copy = structuredClone(cell);
    change(copy);
    return checkCounts(copy, { testPerClass });
  };
  assertEquals(faultsOf(() => {}), []);
  assertEquals(faultsOf(({ outcome }) => delete outcome.averaged), [
    "outcome.averaged: expected counts, got none in the file",
  ]);
  assertEquals(faultsOf(({ config }) => delete config.averageDecay), [
    "outcome.averaged: expected none, got counts in the file",
  ]);
  const { correct } = cell.outcome.averaged!.test.clean;
  assertEquals(
    faultsOf(({ outcome }) => outcome.averaged!.test.clean.correct++),
    [
      `outcome.averaged.test.clean.correct: expected ${correct} by its bits, got ${
        correct + 1
      } in the file`,
    ],
  );
});
