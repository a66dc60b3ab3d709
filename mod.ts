/**
 * dupbench measures what duplicated training images do to an image classifier:
 * clean accuracy, accuracy under attack and time per epoch, on TensorFlow.js
 * backends in Deno, as result sets that others can repeat bit for bit.
 *
 * Run as a program, this module is the command line; `deno task` has its
 * commands. As a library, `runSweep` runs a study from images to result set, and
 * every part it is made of can be used by itself.
 *
 * @example Plan duplicates of four images of two classes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { planDuplication } from "./mod.ts";
 *
 * const plan = planDuplication(new Uint8Array([0, 0, 1, 1]), 2, {
 *   policy: "uniform",
 *   ratio: 0.5,
 *   mode: "add",
 *   seed: 1,
 * });
 * assertEquals(plan.copies.length, 2);
 * ```
 *
 * @module
 */
export * from "./src/attacks/attack.ts";
export * from "./src/attacks/parse_attack.ts";
export * from "./src/attacks/pgd.ts";
export type { AdapterReport } from "./src/backend/adapter.ts";
export * from "./src/backend/backend.ts";
export * from "./src/backend/choose_backend.ts";
export * from "./src/backend/open_backend.ts";
export * from "./src/backend/probe_backends.ts";
export * from "./src/compare/compare_benches.ts";
export * from "./src/compare/compare_outcomes.ts";
export * from "./src/compare/compare_result_sets.ts";
export * from "./src/compare/comparison.ts";
export * from "./src/compare/deno_bench.ts";
export * from "./src/compare/format_csv.ts";
export * from "./src/compare/format_markdown.ts";
export * from "./src/compare/github_benchmark.ts";
export * from "./src/compare/judge_times.ts";
export type { LeftOut } from "./src/compare/match_work.ts";
export * from "./src/compare/ratio_estimate.ts";
export * from "./src/compare/read_comparable.ts";
export * from "./src/core/digest.ts";
export * from "./src/core/errors.ts";
export * from "./src/core/stream.ts";
export * from "./src/kernels/ops/tensors.ts";
export * from "./src/data/dataset.ts";
export * from "./src/data/load_dataset.ts";
export * from "./src/data/pixel_change.ts";
export type { PixelMove } from "./src/data/gather_images.ts";
export * from "./src/detection/distinct_rows.ts";
export * from "./src/detection/find_duplicates.ts";
export * from "./src/detection/near_duplicates.ts";
export * from "./src/duplication/plan_duplication.ts";
export * from "./src/duplication/policy.ts";
export * from "./src/duplication/plan_near_copies.ts";
export * from "./src/results/bit_string.ts";
export * from "./src/cell/evaluate.ts";
export * from "./src/models/classifier.ts";
export * from "./src/models/classifier_spec.ts";
export type { TorchTensor } from "./src/models/torch_layout.ts";
export {
  mergeResultSets,
  type NamedResultSet,
} from "./src/results/merge_result_sets.ts";
export { collectProvenance } from "./src/results/collect_provenance.ts";
export {
  mergeProvenance,
  type MergeProvenanceOptions,
} from "./src/results/merge_provenance.ts";
export * from "./src/results/outcome.ts";
export * from "./src/results/provenance.ts";
export * from "./src/results/read_result_set.ts";
export * from "./src/results/result_set.ts";
export * from "./src/results/safetensors.ts";
export * from "./src/spec/attacks.ts";
export * from "./src/spec/axes.ts";
export * from "./src/spec/axis.ts";
export * from "./src/spec/augmentations.ts";
export * from "./src/spec/backends.ts";
export * from "./src/spec/cell_config.ts";
export * from "./src/spec/datasets.ts";
export * from "./src/spec/name_cell.ts";
export * from "./src/spec/named_studies.ts";
export * from "./src/spec/networks.ts";
export * from "./src/spec/optimizers.ts";
export * from "./src/spec/plan_cells.ts";
export * from "./src/spec/policies.ts";
export * from "./src/spec/schedules.ts";
export * from "./src/spec/study.ts";
export * from "./src/spec/term.ts";
export * from "./src/spec/axes/budget.ts";
export * from "./src/spec/axes/copies.ts";
export * from "./src/spec/axes/dedup.ts";
export * from "./src/spec/axes/mode.ts";
export * from "./src/spec/axes/stand_in.ts";
export * from "./src/spec/axes/training.ts";
export * from "./src/cell/run_cell.ts";
export * from "./src/sweep/run_sweep.ts";
export type { TrainingList } from "./src/cell/training_list.ts";
export * from "./src/train/augmentation.ts";
export { checkResultSet } from "./src/verify/check_result_set.ts";
export type { Findings } from "./src/verify/findings.ts";
export type { SampleOptions } from "./src/verify/sample_cells.ts";
export {
  type Verification,
  type VerifyOptions,
  verifyResultSet,
} from "./src/verify/verify_result_set.ts";
export type { BatchPlan } from "./src/train/batch_order.ts";
export { type BudgetName, budgets } from "./src/spec/axes/budget.ts";
export type { EpochTiming } from "./src/train/epoch_clock.ts";
export * from "./src/train/train.ts";
export {
  analyse,
  type Analysis,
  ANALYSIS_SCHEMA,
  type AnalysisOptions,
} from "./src/analysis/analyse.ts";
export type { AccuracyReach } from "./src/analysis/accuracy_reach.ts";
export type { ClaimVerdict } from "./src/analysis/claims.ts";
export type {
  PublishedComparison,
  PublishedRow,
} from "./src/analysis/compare_published.ts";
export {
  type ControlContrast,
  type ControlName,
  controlNames,
} from "./src/analysis/controls.ts";
export type { ClassContrast, SeedContrast } from "./src/analysis/ends.ts";
export { formatAnalysis } from "./src/analysis/format_analysis.ts";
export { readAnalysis, toAnalysis } from "./src/analysis/read_analysis.ts";
export type {
  ClaimResult,
  InformationalTrend,
} from "./src/analysis/judge_claim.ts";
export type { McNemarTest } from "./src/analysis/mcnemar.ts";
export { type MetricName, metricNames } from "./src/spec/metrics.ts";
export type { MeanTest } from "./src/analysis/paired_test.ts";
export type { Arm } from "./src/analysis/arm.ts";
export type { ArmTrend, Contrast } from "./src/analysis/trends.ts";
export { drawBoundaries } from "./src/gaussian/draw_boundaries.ts";
export {
  gaussianPolicies,
  type GaussianPolicy,
  type GaussianStandIn,
  gaussianStandIns,
} from "./src/gaussian/draw_copies.ts";
export { formatGaussian } from "./src/gaussian/format_gaussian.ts";
export * from "./src/gaussian/gaussian_result.ts";
export {
  type GaussianStudy,
  gaussianStudySchema,
} from "./src/gaussian/gaussian_study.ts";
export { runGaussian } from "./src/gaussian/run_gaussian.ts";
export {
  type AccuracyClass,
  accuracyClasses,
  type AccuracySample,
  accuracySamples,
  type GaussianSummary,
  type GaussianTrend,
  type GaussianVerdict,
  summariseGaussian,
} from "./src/gaussian/summarise_gaussian.ts";
export * from "./src/kernels/wasm/mod.ts";

import { main } from "./src/cli/main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
