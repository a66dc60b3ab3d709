import { openStream } from "../../src/core/stream.ts";
import { packBits } from "../../src/results/bit_string.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "../../src/results/result_set.ts";
import type { CellConfig } from "../../src/spec/cell_config.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { finishedCell, provenance } from "../results/finished_cell.ts";

/** Images of an epoch that has counts. */
export const IMAGES = 100;

/**
 * Accuracy in points and milliseconds per epoch, for a cell, and correct test images
 * after its epochs.
 */
export type World = (config: CellConfig) => {
  accuracy: number;
  epochMs?: number;
  counts?: readonly number[];
};

/**
 * The result set that a sweep would give if the world were so: the first images are
 * classified correctly, and class `i % 10` is that of image `i`.
 *
 * @param options `rows`: test images; `sha256`: of the data set.
 */
export function imagine(
  world: World,
  study: Partial<StudyInput> = {},
  { rows = 1000, sha256 = "2".repeat(64) } = {},
): ResultSet {
  const parsed = parseStudy({
    name: "imagined",
    training: ["standard", "adversarial"],
    policy: ["uniform", "class-biased"],
    ratios: [0, 0.5, 1],
    budget: ["steps", "epochs"],
    seeds: [1, 2, 3, 4, 5, 6, 7, 8],
    ...study,
  });
  const cells = planCells(parsed, "wasm").map((cell): FinishedCell => {
    const base = finishedCell(1);
    const { accuracy, epochMs = 100, counts } = world(cell.config);
    // Two epochs after the first where there are no counts.
    const last = (counts?.length ?? 3) - 1;
    const correct = Math.round(accuracy * rows / 100);
    const perClass = Array.from(
      { length: 10 },
      (_, c) => Math.floor(correct / 10) + Number(c < correct % 10),
    );
    const score = {
      correct,
      correctPerClass: perClass,
      bits: packBits(Array.from({ length: rows }, (_, i) => i < correct)),
    };
    const epoch = {
      dataMs: 0,
      attackMs: 0,
      updateMs: epochMs,
      totalMs: epochMs,
    };
    return {
      ...base,
      ...cell,
      outcome: {
        ...base.outcome,
        ...(counts && {
          epochs: counts.map((correct) => ({
            loss: 1,
            images: IMAGES,
            steps: 1,
            correct,
          })),
        }),
        test: {
          rows,
          rowsPerClass: Array(10).fill(rows / 10),
          clean: score,
          byAttack: {},
          worstCase: score,
        },
      },
      timing: {
        ...base.timing,
        epochs: [{ ...epoch, totalMs: 5000 }, ...Array(last).fill(epoch)],
      },
    };
  });
  const parts = {
    schema: "dupbench/result-set/1",
    study: parsed,
    dataset: {
      name: "test",
      trainPerClass: [],
      testPerClass: [],
      sha256,
    },
    provenance,
    cells,
  } as unknown as ResultSet;
  return { ...parts, digest: digestResultSet(parts) };
}

/** A seed is luckier than another, and every run a little noisy. */
export function noise(
  { seed, duplication }: CellConfig,
  deviation: number,
): number {
  const stream = openStream(
    seed,
    "analysis",
    "noise",
    JSON.stringify(duplication),
  );
  const sum = Array.from({ length: 12 }, () => stream.uniform()).reduce((
    a,
    b,
  ) => a + b);
  return 50 + seed + deviation * (sum - 6);
}
