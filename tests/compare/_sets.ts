import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
  SCHEMA_ID,
} from "../../src/results/result_set.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { studySchema } from "../../src/spec/study.ts";
import type { Provenance } from "../../src/results/provenance.ts";
import { finishedCell } from "../results/finished_cell.ts";

/** What a cell of these tests may differ in. */
export interface CellOptions {
  backend?: "cpu" | "wasm" | "webgpu";
  seed?: number;
  /** Times of its epochs, in milliseconds; the first is the warm-up. */
  times?: readonly number[];
  /** One bit an image, right or not, image 0 first; at most 12 images. */
  clean?: string;
  /** The same under FGSM; none: it was not attacked. */
  fgsm?: string;
  /** Losses of the epochs; default: 2 in each. */
  losses?: readonly number[];
  weights?: string;
}

/** A finished cell with given times and outcome. */
export function cell(
  {
    backend = "wasm",
    seed = 1,
    times = [100, 10],
    clean = "1111111000",
    fgsm,
    losses = times.map(() => 2),
    weights = "a",
  }: CellOptions = {},
): FinishedCell {
  const base = finishedCell(seed);
  const config = {
    ...base.config,
    backend,
    epochs: times.length,
    evaluation: {
      ...base.config.evaluation,
      attacks: fgsm === undefined ? [] : ["fgsm"],
    },
  };
  return {
    ...base,
    id: cellId(config),
    config,
    outcome: {
      ...base.outcome,
      epochs: losses.map((loss) => ({ loss, images: 10, steps: 1 })),
      test: {
        ...base.outcome.test!,
        rows: clean.length,
        clean: score(clean),
        byAttack: fgsm === undefined
          ? {}
          : { fgsm: { ...score(fgsm), maxPerturbation: 0.03 } },
      },
      weightsSha256: weights.repeat(64),
    },
    timing: {
      ...base.timing,
      epochs: times.map((totalMs) => ({
        dataMs: 0,
        attackMs: 0,
        updateMs: totalMs,
        totalMs,
      })),
    },
  };
}

/** A cell as it would be had it diverged. */
export function diverge(
  cell: FinishedCell,
  divergedAtEpoch: number,
): FinishedCell {
  const outcome = { ...cell.outcome, divergedAtEpoch, test: null, train: null };
  return { ...cell, outcome };
}

function score(bits: string) {
  const padded = bits.padEnd(Math.ceil(bits.length / 4) * 4, "0");
  return {
    correct: bits.replaceAll("0", "").length,
    correctPerClass: Array.from(
      { length: 10 },
      (_, label) =>
        [...bits].filter((bit, i) => bit === "1" && i % 10 === label).length,
    ),
    bits: padded.replace(
      /.{4}/g,
      (four) => Number.parseInt(four, 2).toString(16),
    ),
  };
}

/** A result set of given cells, its digest right. */
export function resultSet(
  cells: ResultSet["cells"],
  { images = "d", ...provenance }:
    & Partial<Provenance>
    & { images?: string } = {},
): ResultSet {
  const parts: Omit<ResultSet, "digest" | "provenance"> = {
    schema: SCHEMA_ID,
    study: studySchema.parse({ name: "test" }),
    dataset: {
      name: "cifar10-mini",
      trainPerClass: Array<number>(10).fill(1),
      testPerClass: Array<number>(10).fill(1),
      sha256: images.repeat(64),
    },
    cells,
  };
  return {
    ...parts,
    digest: digestResultSet(parts),
    provenance: {
      dupbench: "0.1.0",
      deno: "2.9.6",
      v8: "14",
      packages: {},
      os: "linux",
      arch: "x86_64",
      cpu: "test",
      cores: 2,
      backend: { name: cells[0]!.config.backend },
      git: { commit: "c".repeat(40), dirty: true },
      command: ["sweep"],
      jobs: 1,
      finishedAt: "2026-01-01T00:00:00.000Z",
      ...provenance,
    },
  };
}

/** How most tests compare. */
export const strictly = {
  tolerance: { loss: 1e-3, agreement: 0.99 },
  common: false,
};

/** Result sets with the paths `a.json`, `b.json`, and so on. */
export function named(...sets: ResultSet[]) {
  return sets.map((set, i) => ({ path: `${"abc"[i]}.json`, set }));
}
