/**
 * Result sets: JSON files with a study, the digest of its data set, the results of
 * every cell, and where it ran. Nothing here loads TensorFlow.js.
 *
 * `readResultSet` reads and checks a file, of an older version too.
 * `digestResultSet` computes the digest over everything that is reproducible:
 * equal studies give equal digests on the same backend. `mergeResultSets` joins
 * the shards of a study, with the provenance that `mergeProvenance` makes. The
 * outcome of each test image is a bit of a string that `unpackBits` reads.
 *
 * @example Read a result set and count images that stay correct under attack
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import {
 *   digestResultSet,
 *   readResultSet,
 *   unpackBits,
 * } from "@dupbench/dupbench/results";
 *
 * const set = await readResultSet("fixtures/result-set-1.json");
 * assertEquals(digestResultSet(set), set.digest);
 * for (const cell of set.cells) {
 *   if (cell.status === "failed" || cell.outcome.test === null) continue;
 *   const { rows, clean } = cell.outcome.test;
 *   const correct = unpackBits(clean.bits, rows).filter(Boolean).length;
 *   assert(correct === clean.correct);
 * }
 * ```
 *
 * @module
 */
export { UsageError } from "../core/errors.ts";
export type { FaultOptions } from "../core/errors.ts";
export { countDifferingBits, packBits, unpackBits } from "./bit_string.ts";
export { collectProvenance } from "./collect_provenance.ts";
export { mergeProvenance } from "./merge_provenance.ts";
export { mergeResultSets } from "./merge_result_sets.ts";
export { readResultSet, toResultSet } from "./read_result_set.ts";
export { digestResultSet, reproducible } from "./result_set.ts";
export { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
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
  ResultSet,
  ResumedCells,
  ReusedCells,
  Score,
  Shard,
  TestOutcome,
  Timing,
  TrainAttackScore,
  TrainOutcome,
  ValidationCounts,
} from "./result_set_types.ts";
export type { NamedResultSet } from "./merge_result_sets.ts";
export type { MergeProvenanceOptions } from "./merge_provenance.ts";
export type { ReproducibleCell } from "./result_set.ts";
export type { NamedTensor, SafetensorsContent } from "./safetensors.ts";
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
  Study,
  TrainingConfig,
} from "../spec/study_types.ts";
export type { JsonValue } from "../core/json_value.ts";
export type {
  AugmentationName,
  BackendName,
  BackendRequest,
  BatchingName,
  BorderName,
  BudgetName,
  CopyAugmentationName,
  CopyKindName,
  DatasetName,
  DecayScope,
  DedupName,
  FlipName,
  LeakRule,
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
} from "../spec/names.ts";
export type {
  AvgPoolLayer,
  BatchNormLayer,
  ConvLayer,
  DenseLayer,
  DropoutLayer,
  FlattenLayer,
  GlobalAvgPoolLayer,
  Layer,
  MaxPoolLayer,
  Network,
  ReluLayer,
  ResidualLayer,
  ScaleLayer,
} from "../spec/network_types.ts";
export type { Shortcut } from "../spec/names.ts";
