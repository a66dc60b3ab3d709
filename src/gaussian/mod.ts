/**
 * The toy experiment of the paper (Aghabagherloo et al. 2025, arXiv:2504.00638): two
 * Gaussian classes in the plane, a support vector machine, and copies drawn
 * uniformly or with a bias to one class. Nothing here loads TensorFlow.js.
 *
 * @example Run a small toy experiment
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseGaussianStudy, runGaussian } from "@dupbench/dupbench/gaussian";
 *
 * const study = parseGaussianStudy({
 *   name: "small",
 *   points: 20,
 *   heldOut: 50,
 *   balanced: [0, 20],
 *   biased: [0, 20],
 *   seeds: [1],
 * });
 * const { runs } = await runGaussian(study);
 * assertEquals(runs.length, 5);
 * ```
 *
 * @module
 */
import "../core/complete_builtins.ts";
export { UsageError } from "../core/errors.ts";
export type { FaultOptions } from "../core/errors.ts";
export { drawBoundaries } from "./draw_boundaries.ts";
export { formatGaussian } from "./format_gaussian.ts";
export { parseGaussianStudy } from "./gaussian_study.ts";
export type {
  GaussianPolicy,
  GaussianResult,
  GaussianRun,
  GaussianStandIn,
  GaussianStudy,
  GaussianStudyInput,
} from "./gaussian_types.ts";
export { runGaussian } from "./run_gaussian.ts";
export { summariseGaussian } from "./summarise_gaussian.ts";
export type {
  AccuracyClasses,
  accuracyClasses,
  AccuracySample,
  accuracySamples,
  GaussianSummary,
  GaussianTrend,
  GaussianVerdict,
} from "./summarise_gaussian.ts";
export type { MeanTest } from "../analysis/paired_test.ts";
export type { ClaimVerdict } from "../analysis/claims.ts";
