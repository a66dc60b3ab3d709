import { openBackend } from "../../src/backend/open_backend.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import {
  digestResultSet,
  type FinishedCell,
  SCHEMA_ID,
} from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";

/** The study that the flags of `tiny_sweep.ts` stand for, as the library has it. */
const tinyStudy: StudyInput = {
  name: "tiny",
  limitTrain: 60,
  limitTest: 20,
  training: ["standard", "adversarial"],
  trainSteps: 2,
  ratios: [0, 1],
  seeds: [0, 1],
  epochs: 2,
  batch: 16,
  attacks: ["fgsm", "pgd-2"],
  backend: "wasm",
};

/** What a study comes to, without processes, files or a journal. */
export interface PlainRun {
  cells: FinishedCell[];
  digest: string;
}

/**
 * Runs a change of the tiny study cell after cell in this process, by the
 * library: what a sweep of it must come to, however it was run.
 */
export async function runPlainly(
  fields: Partial<StudyInput> = {},
): Promise<PlainRun> {
  const study = parseStudy({ ...tinyStudy, ...fields });
  const { limitTrain, limitTest } = study;
  const dataset = await loadDataset("cifar10-mini", {
    limitTrain: limitTrain!,
    limitTest: limitTest!,
  });
  const backend = await openBackend("wasm");
  const cells: FinishedCell[] = [];
  for (const cell of planCells(study, "wasm")) {
    cells.push(await runCell(cell, dataset, { backend }));
  }
  const digest = digestResultSet({
    schema: SCHEMA_ID,
    study,
    dataset: digestDataset(dataset),
    cells,
  });
  return { cells, digest };
}

let whole: Promise<PlainRun> | undefined;

/** The tiny study, run plainly, once in each file of tests. */
export function reference(): Promise<PlainRun> {
  return whole ??= runPlainly();
}
