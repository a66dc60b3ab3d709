/**
 * dupbench measures what duplicated training images do to an image classifier:
 * clean accuracy, accuracy under attack and time per epoch, on TensorFlow.js
 * backends in Deno, as result sets that others can repeat bit for bit.
 *
 * This entry point covers everything from a study to a report:
 *
 * - `parseStudy` checks a **study**: everything that decides the outcome.
 *   `namedStudies` has those that ship with dupbench.
 * - `runSweep` trains, attacks and evaluates every **cell** of a study, and gives
 *   a **result set**. It works in memory, or with a file, worker processes and a
 *   journal from which an interrupted sweep is resumed.
 * - `checkResultSet` checks a result set without running anything;
 *   `verifyResultSet` also runs some of its cells again and compares.
 * - `analyse` tests the claims of the paper (Aghabagherloo et al. 2025,
 *   arXiv:2504.00638) on result sets, with the seed as the unit.
 * - `compareResultSets` compares outcomes and times of several files cell by
 *   cell, and `judgeTimes` says whether a file is slower.
 * - `makeReport` draws figures and writes a page.
 *
 * TensorFlow.js is loaded by `runSweep` and `verifyResultSet` when they are
 * called, and by nothing else here. The parts have their own entry points: `spec`,
 * `data`, `detection`, `duplication`, `attacks`, `cell`, `results`, `gaussian`,
 * `wasm-training` and `webgpu-training`.
 *
 * @example Run a small study in memory, check it and analyse it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import {
 *   analyse,
 *   checkResultSet,
 *   parseStudy,
 *   runSweep,
 * } from "@dupbench/dupbench";
 *
 * const study = parseStudy({
 *   name: "tiny",
 *   limitTrain: 100,
 *   limitTest: 50,
 *   ratios: [0, 1],
 *   epochs: 1,
 *   attacks: ["fgsm"],
 *   backend: "wasm",
 * });
 * const end = await runSweep(study);
 * if (end.status !== "complete") throw new Error(end.status);
 * assertEquals(end.set.cells.length, 2);
 * assertEquals(checkResultSet(end.set).faults, []);
 * for (const { statement, verdict } of analyse([end.set]).claims) {
 *   console.log(`${verdict}: ${statement}`);
 * }
 * ```
 *
 * @module
 */
import "./src/core/complete_builtins.ts";
import type { ReportOptions } from "./src/report/make_report.ts";
import type { ResultSet } from "./src/results/result_set_types.ts";
import { version } from "./src/results/versions.ts";
import type { Study } from "./src/spec/study_types.ts";
import type { SweepEnd, SweepOptions } from "./src/sweep/run_sweep.ts";
import type {
  RepeatedCell,
  Verification,
  VerifyOptions,
} from "./src/verify/verify_result_set.ts";

/**
 * Runs a study from images to result set: loads the data, plans every cell, runs
 * those that are not in the journal, and writes the result set if `out` names a
 * file. The digest of the result set does not depend on `options`, on the order
 * in which cells finish, or on how often the sweep was interrupted.
 *
 * @throws {UsageError} If the study is not valid, or data, plan, journal or output
 * do not allow it; nothing is then written.
 * @throws {RangeError} If `jobs` or `stallLimit` is out of range.
 * @throws {BackendError} If the backend is unavailable.
 */
export async function runSweep(
  study: Study,
  options: SweepOptions = {},
): Promise<SweepEnd> {
  const engine = await import("./src/sweep/run_sweep.ts");
  return await engine.runSweep(study, options);
}

/**
 * Verifies a result set: `checkResultSet` first, then the digest of the data set
 * and the recorded plans, then cells that are run again on the recorded backend
 * and compared. Each step is taken only if those before found no fault.
 *
 * @throws {UsageError} If the data set is unavailable.
 * @throws {BackendError} If the backend is unavailable.
 */
export async function verifyResultSet(
  set: ResultSet,
  options: VerifyOptions,
): Promise<Verification> {
  const engine = await import("./src/verify/verify_result_set.ts");
  return await engine.verifyResultSet(set, options);
}

/**
 * Makes the files of a report: a page, its figures, tables as CSV and the same
 * text as Markdown. The same result sets and options give the same bytes.
 *
 * @param sets At least one.
 * @param options By default the margin is 1 point, and there are no example
 * images and no names of classes.
 * @returns Contents by path within the folder, the page last.
 * @throws {RangeError} If there is no set, or the margin is not above 0.
 * @throws {UsageError} If the outcomes of a cell are inconsistent.
 */
export async function makeReport(
  sets: readonly ResultSet[],
  options: Partial<ReportOptions> = {},
): Promise<Map<string, string>> {
  const report = await import("./src/report/make_report.ts");
  return await report.makeReport(sets, {
    margin: 1,
    examples: "none were requested",
    classNames: new Map(),
    paths: sets.map(({ study }) => `${study.name}.json`),
    command: "makeReport()",
    version,
    ...options,
  });
}

export { version };
export type {
  RepeatedCell,
  ReportOptions,
  ResultSet,
  Study,
  SweepEnd,
  SweepOptions,
  Verification,
  VerifyOptions,
};
export { analyse, ANALYSIS_SCHEMA } from "./src/analysis/analyse.ts";
export { formatAnalysis } from "./src/analysis/format_analysis.ts";
export { readAnalysis, toAnalysis } from "./src/analysis/read_analysis.ts";
export { compareBenches } from "./src/compare/compare_benches.ts";
export { COMPARISON_SCHEMA } from "./src/compare/comparison.ts";
export { defaultTolerance } from "./src/compare/compare_outcomes.ts";
export { compareResultSets } from "./src/compare/compare_result_sets.ts";
export { formatCsv } from "./src/compare/format_csv.ts";
export { formatMarkdown } from "./src/compare/format_markdown.ts";
export { toGithubBenchmarks } from "./src/compare/github_benchmark.ts";
export { judgeTimes } from "./src/compare/judge_times.ts";
export { readComparable } from "./src/compare/read_comparable.ts";
export { readComparison, toComparison } from "./src/compare/read_comparison.ts";
export { BackendError, UsageError } from "./src/core/errors.ts";
export type { FaultOptions } from "./src/core/errors.ts";
export { mergeProvenance } from "./src/results/merge_provenance.ts";
export { mergeResultSets } from "./src/results/merge_result_sets.ts";
export { readResultSet, toResultSet } from "./src/results/read_result_set.ts";
export { digestResultSet } from "./src/results/result_set.ts";
export { nameCell } from "./src/spec/name_cell.ts";
export { namedStudies } from "./src/spec/named_studies.ts";
export { planCells } from "./src/spec/plan_cells.ts";
export { parseStudy } from "./src/spec/study.ts";
export type {
  AdamOptimizerSpec,
  AdamwOptimizerSpec,
  AdversarialTrainingConfig,
  AugmentationConfig,
  CellConfig,
  ConstantSchedule,
  CosineSchedule,
  DatasetConfig,
  DedupConfig,
  DuplicationConfig,
  EvaluationConfig,
  ExactDedupConfig,
  Exclusion,
  NearDedupConfig,
  NFgsmTrainingConfig,
  OneCycleSchedule,
  OptimizerSpec,
  Reading,
  Schedule,
  SgdOptimizerSpec,
  StandardTrainingConfig,
  StepSchedule,
  StudyInput,
  TrainingConfig,
} from "./src/spec/study_types.ts";
export { checkResultSet } from "./src/results/check_result_set.ts";
export type {
  AttackExample,
  CellExamples,
  DuplicateExample,
  ExampleImage,
} from "./src/report/cell_examples.ts";
export type {
  AttackedImages,
  AttackScore,
  AveragedOutcome,
  BestOutcome,
  CellResult,
  ConflictRecord,
  CorrectCount,
  DatasetDigest,
  DuplicationRecord,
  EpochRecord,
  EpochTimes,
  FailedCell,
  FinishedCell,
  Flag,
  GitState,
  Outcome,
  OverfittingCounts,
  Provenance,
  RaisedFlag,
  RecordedEngine,
  RemovalRecord,
  ResultPart,
  ResumedCells,
  ReusedCells,
  Score,
  Shard,
  TestOutcome,
  Timing,
  TrainAttackScore,
  TrainOutcome,
  ValidationCounts,
} from "./src/results/result_set_types.ts";
export type {
  AugmentationName,
  BackendName,
  BackendRequest,
  BatchingName,
  BorderName,
  BudgetName,
  CoordinateKey,
  CopyAugmentationName,
  CopyKindName,
  DatasetName,
  DecayScope,
  DedupName,
  FlipName,
  LeakRule,
  MetricName,
  ModeName,
  NearKind,
  NetworkName,
  OptimizerName,
  PlanRule,
  PolicyName,
  ScheduleName,
  SplitRule,
  StandInName,
  StudyPolicyName,
  TrainingName,
} from "./src/spec/names.ts";
export type {
  SplitLeaks,
  SweepListener,
  SweepPlan,
} from "./src/sweep/run_sweep.ts";
export type { SweepEstimate } from "./src/sweep/sweep_estimate.ts";
export type { SampleOptions } from "./src/verify/sample_cells.ts";
export type { WorkLimit } from "./src/core/require_short.ts";
export type { Findings } from "./src/results/findings.ts";
export type { Analysis, AnalysisOptions } from "./src/analysis/analyse.ts";
export type {
  BenchError,
  BenchFailure,
  BenchResult,
  BenchRuns,
  BenchStats,
  BenchSuccess,
  DenoBench,
} from "./src/compare/deno_bench_types.ts";
export type {
  BenchComparison,
  ComparedBench,
  ComparedCell,
  ComparedTime,
  Comparison,
  ComparisonOf,
  FileConditions,
  Overall,
  ResultSetComparison,
} from "./src/compare/comparison.ts";
export type {
  AccuracyDifference,
  OutcomeComparison,
  Tolerance,
  Verdict,
} from "./src/compare/compare_outcomes.ts";
export type { CompareSetsOptions } from "./src/compare/compare_result_sets.ts";
export type { JudgedTime, Judgement } from "./src/compare/judge_times.ts";
export type {
  GithubBenchmark,
  GithubBenchmarks,
} from "./src/compare/github_benchmark.ts";
export type { Comparable } from "./src/compare/read_comparable.ts";
export type { Dataset, LabelledImages } from "./src/data/dataset.ts";
export type { FolderReading } from "./src/data/folder/folder_reading.ts";
export type { LoadListener } from "./src/data/folder/read_images.ts";
export type { PixelCache } from "./src/data/cache/pixel_cache.ts";
export type { NamedResultSet } from "./src/results/merge_result_sets.ts";
export type { MergeProvenanceOptions } from "./src/results/merge_provenance.ts";
export type { CoordinateValues, NameOptions } from "./src/spec/name_cell.ts";
export type { CoordinateValue } from "./src/spec/axis.ts";
export type { Cell } from "./src/spec/plan_cells.ts";
export type { JsonValue } from "./src/core/json_value.ts";
export type {
  ClaimResult,
  InformationalTrend,
} from "./src/analysis/judge_claim.ts";
export type { ArmTrend, Contrast } from "./src/analysis/trends.ts";
export type { AccuracyMetric, CellMetric } from "./src/analysis/metric.ts";
export type {
  ConditionContrast,
  ConditionFinding,
  ConditionPair,
} from "./src/analysis/condition_contrasts.ts";
export type {
  LevelComparison,
  LevelConclusion,
  LevelEffect,
  LevelKey,
} from "./src/analysis/levels.ts";
export type { ChanceCount } from "./src/analysis/chance.ts";
export type { ClassContrast, SeedContrast } from "./src/analysis/ends.ts";
export type { AccuracyReach } from "./src/analysis/accuracy_reach.ts";
export type {
  PublishedComparison,
  PublishedRow,
} from "./src/analysis/compare_published.ts";
export type { LeftOut } from "./src/compare/match_work.ts";
export type { RatioEstimate } from "./src/compare/ratio_estimate.ts";
export type { ClaimVerdict } from "./src/analysis/claims.ts";
export type { Arm } from "./src/analysis/arm_types.ts";
export type { MeanTest } from "./src/analysis/paired_test.ts";
export type { CrossedTest } from "./src/analysis/crossed_test.ts";
export type { EffectTest, ZeroTest } from "./src/analysis/effect.ts";
export type { ControlContrast, ControlName } from "./src/analysis/controls.ts";
export type { McNemarTest } from "./src/analysis/mcnemar.ts";
export type {
  AvgPoolLayer,
  AvgPoolLayerInput,
  BatchNormLayer,
  BatchNormLayerInput,
  ConvLayer,
  ConvLayerInput,
  DenseLayer,
  DenseLayerInput,
  DropoutLayer,
  DropoutLayerInput,
  FlattenLayer,
  FlattenLayerInput,
  GlobalAvgPoolLayer,
  GlobalAvgPoolLayerInput,
  Layer,
  LayerInput,
  MaxPoolLayer,
  MaxPoolLayerInput,
  Network,
  NetworkInput,
  ReluLayer,
  ReluLayerInput,
  ResidualLayer,
  ResidualLayerInput,
  ScaleLayer,
  ScaleLayerInput,
} from "./src/spec/network_types.ts";
export type { Shortcut } from "./src/spec/names.ts";
