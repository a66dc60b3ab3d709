import type { Arm } from "../../src/analysis/arm.ts";

/** The arm of a study that sets no axis. */
export const plainArm: Arm = {
  model: "published-standard",
  width: 1,
  training: "standard",
  drawTrain: "all",
  policy: "uniform",
  multiplicity: null,
  mode: "add",
  standIn: "copies",
  budget: "steps",
  copies: "exact",
  conflict: 0,
  dedup: "none",
  backend: "wasm",
};
