/**
 * The engine of a sweep, in separate steps: open a backend, build a classifier,
 * train it, evaluate it, or run a whole cell. This entry point loads
 * TensorFlow.js.
 *
 * `openBackend` opens WebGPU, WebAssembly or plain JavaScript; every function
 * that computes takes the opened backend, so that a lost device gives an error
 * and never a result. `runCell` trains, attacks and evaluates a cell of a study
 * and returns its record for a result set. `train` and `evaluate` are its parts,
 * for classifiers from `buildClassifier` and your own training lists.
 *
 * @example Run one cell of a study
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBackend, runCell } from "@dupbench/dupbench/cell";
 * import { loadDataset } from "@dupbench/dupbench/data";
 * import { parseStudy, planCells } from "@dupbench/dupbench/spec";
 *
 * const limits = { limitTrain: 100, limitTest: 50 };
 * const study = parseStudy({
 *   name: "one-cell",
 *   ...limits,
 *   ratios: [0.5],
 *   epochs: 1,
 *   attacks: [],
 * });
 * const [cell] = planCells(study, "wasm");
 * const dataset = await loadDataset(study.dataset, limits);
 * const backend = await openBackend("wasm");
 * const { duplication, outcome } = await runCell(cell!, dataset, { backend });
 * assertEquals(duplication.copies, 50);
 * console.log(`${outcome.test?.clean.correct} of 50 test images are correct`);
 * ```
 *
 * @module
 */
export { chooseBackend } from "../backend/choose_backend.ts";
export { openBackend } from "../backend/open_backend.ts";
export { probeBackends } from "../backend/probe_backends.ts";
export { BackendError } from "../core/errors.ts";
export type { FaultOptions } from "../core/errors.ts";
export { buildClassifier } from "../models/classifier.ts";
export { train } from "../train/train.ts";
export { evaluate } from "./evaluate.ts";
export { runCell } from "./run_cell.ts";
export type {
  AugmentationName,
  BackendName,
  BatchingName,
  BorderName,
  BudgetName,
  CopyAugmentationName,
  DatasetName,
  FlipName,
  ModeName,
  NearKind,
  NetworkName,
  PolicyName,
} from "../spec/names.ts";
export type { BackendProbe } from "../backend/probe_backends.ts";
export type { BackendChoice } from "../backend/choose_backend.ts";
export type { Backend } from "../backend/backend.ts";
export type {
  Flattened,
  Inferred,
  InferredLayer,
  InferredNetwork,
  Initial,
  ModelInput,
  Parameter,
  SubsampleLayer,
} from "../spec/infer_network.ts";
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
export type { Classifier, TrainingPass } from "../models/classifier.ts";
export type { InitialOptions } from "../models/initial_weights.ts";
export type { Images } from "../models/whitening.ts";
export type { Dataset, LabelledImages, Split } from "../data/dataset.ts";
export type { FolderReading } from "../data/folder/folder_reading.ts";
export type {
  EpochOutcome,
  SlotImages,
  TrainingOptions,
  TrainingResult,
  TrainingRun,
} from "../train/train.ts";
export type { Evaluation, EvaluationOptions } from "./evaluate.ts";
export type { Cell } from "../spec/plan_cells.ts";
export type { CellListener, RunCellOptions, WeightsName } from "./run_cell.ts";
export type {
  AttackedImages,
  AttackScore,
  AveragedOutcome,
  BestOutcome,
  ConflictRecord,
  CorrectCount,
  DuplicationRecord,
  EpochRecord,
  EpochTimes,
  FinishedCell,
  Flag,
  Outcome,
  OverfittingCounts,
  RaisedFlag,
  RemovalRecord,
  Score,
  TestOutcome,
  Timing,
  TrainAttackScore,
  TrainOutcome,
  ValidationCounts,
} from "../results/result_set_types.ts";
export type { AdapterReport } from "../backend/adapter.ts";
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
  NearDedupConfig,
  NFgsmTrainingConfig,
  OneCycleSchedule,
  OptimizerSpec,
  Reading,
  Schedule,
  SgdOptimizerSpec,
  StandardTrainingConfig,
  StepSchedule,
  TrainingConfig,
} from "../spec/study_types.ts";
export type {
  Attack,
  AttackBatch,
  AttackResult,
  Classify,
  TrainingAttack,
} from "../attacks/attack.ts";
export type {
  AscentBatch,
  AscentOptions,
  AscentResult,
} from "../plan/plan_ascent.ts";
export type { EpochTiming } from "../train/epoch_clock.ts";
export type { BatchPlan } from "../train/batch_order.ts";
export type { CutSquare, PixelMove } from "../data/gather_images.ts";
export type { TorchTensor } from "../models/torch_layout.ts";
export type { TrainingList } from "./training_list.ts";
export type { Stream } from "../core/stream.ts";
export type { JsonValue } from "../core/json_value.ts";
export type { BatchDescription } from "../train/describe_batches.ts";
