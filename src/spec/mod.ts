/**
 * Studies as data: the definition of an experiment before anything is run. Nothing
 * here loads TensorFlow.js.
 *
 * - A **study** contains everything that decides the outcome of a sweep. Fields that
 *   are lists are **axes**. `parseStudy` checks one and fills in its defaults;
 *   `namedStudies` has those that ship with dupbench.
 * - A **cell** is one point of the product of the axes: one network, trained and
 *   evaluated once. `planCells` lists the cells of a study. The config of a cell
 *   has every default filled in, and its id is a hash of the config.
 * - A **coordinate** distinguishes cells: an axis, or the backend.
 *   `coordinates` has the title, meaning and plot mark of each of its values, and
 *   `nameCell` names a cell by them.
 *
 * @example Plan the cells of a study
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nameCell, parseStudy, planCells } from "@dupbench/dupbench/spec";
 *
 * const study = parseStudy({
 *   name: "two-policies",
 *   policy: ["uniform", "concentrated"],
 *   ratios: [0, 1],
 *   seeds: [1, 2],
 * });
 * const cells = planCells(study, "wasm");
 * // Ratio 0 is the same under both policies, so it is run once per seed.
 * assertEquals(cells.length, 6);
 * console.log(cells.map(({ id, config }) => `${id} ${nameCell(config)}`));
 * ```
 *
 * @module
 */
export { UsageError } from "../core/errors.ts";
export type { FaultOptions } from "../core/errors.ts";
export {
  attackFamilies,
  attackMeaning,
  attackTitle,
  parseAttackName,
} from "./attacks.ts";
export { coordinates } from "./axes.ts";
export { backendNames } from "./backends.ts";
export { cellId } from "./cell_config.ts";
export { datasetNames, datasets } from "./datasets.ts";
export { inferNetwork } from "./infer_network.ts";
export { coordinatesOf, nameCell, nameValues } from "./name_cell.ts";
export { namedStudies } from "./named_studies.ts";
export { parseNetwork } from "./network.ts";
export { networkNames, networks } from "./networks.ts";
export { planCells } from "./plan_cells.ts";
export { parseStudy } from "./study.ts";
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
  StudyInput,
  TrainingConfig,
} from "./study_types.ts";
export type { AttackName } from "./attacks.ts";
export type { Coordinate, CoordinateRole, CoordinateValue } from "./axis.ts";
export type {
  AttackFamilyName,
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
  ModeName,
  NearKind,
  NetworkName,
  OptimizerName,
  PlanRule,
  PolicyName,
  ScheduleName,
  Shortcut,
  SplitRule,
  StandInName,
  StudyPolicyName,
  TrainingName,
} from "./names.ts";
export type { CoordinateValues, NameOptions } from "./name_cell.ts";
export type { NetworkTerm, Recipe, RecipeField } from "./networks.ts";
export type { Cell } from "./plan_cells.ts";
export type { Mark, MarkedTerm, Term } from "./term.ts";
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
} from "./network_types.ts";
export type {
  Flattened,
  Inferred,
  InferredLayer,
  InferredNetwork,
  Initial,
  ModelInput,
  Parameter,
  SubsampleLayer,
} from "./infer_network.ts";
