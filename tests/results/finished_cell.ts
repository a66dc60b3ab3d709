import type { Provenance } from "../../src/results/provenance.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { studySchema } from "../../src/spec/study.ts";

/** A finished cell with values that only have to be well formed. */
export function finishedCell(seed: number): FinishedCell {
  const study = studySchema.parse({
    name: "test",
    ratios: [0],
    seeds: [seed],
    attacks: [],
  });
  const [cell] = planCells(study, "wasm");
  const zeros = Array<number>(10).fill(0);
  return {
    ...cell!,
    status: "finished",
    duplication: {
      originals: 10,
      copies: 0,
      copiesPerClass: zeros,
      distinctCopied: 0,
      planSha256: "0".repeat(64),
    },
    outcome: {
      epochs: [{ loss: 2.3, images: 10, steps: 1 }],
      divergedAtEpoch: null,
      test: {
        rows: 10,
        rowsPerClass: zeros.map(() => 1),
        clean: { correct: 7, correctPerClass: zeros, bits: "fe0" },
        byAttack: {},
      },
      train: {
        unique: { rows: 10, correct: 5 },
        copies: { rows: 0, correct: 0 },
      },
      flags: [],
      weightsSha256: "1".repeat(64),
    },
    timing: {
      epochs: [{ dataMs: 1, attackMs: 0, updateMs: 2, totalMs: 3 }],
      trainMs: 3,
      evaluateMs: 1,
      startedAt: "2026-01-01T00:00:00.000Z",
    },
  };
}

/** A provenance with values that only have to be well formed. */
export const provenance: Provenance = {
  dupbench: "0.0.1",
  engine: { name: "Deno", version: "2.0.0" },
  packages: {
    "@tensorflow/tfjs": "4.0.0",
    "@tensorflow/tfjs-backend-wasm": "4.0.0",
    "@tensorflow/tfjs-backend-webgpu": "4.0.0",
    "pure-rand": "8.0.0",
    "zod": "4.0.0",
  },
  os: "linux",
  arch: "x86_64",
  cpu: "unknown",
  cores: 1,
  backend: {},
  git: null,
  command: [],
  jobs: 1,
  finishedAt: "2026-01-01T00:00:00.000Z",
};
