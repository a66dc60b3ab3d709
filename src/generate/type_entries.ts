import { z } from "zod";
import { benchStatsSchema, denoBenchSchema } from "../compare/deno_bench.ts";
import {
  gaussianResultSchema,
  gaussianRunSchema,
} from "../gaussian/gaussian_result.ts";
import { gaussianStudySchema } from "../gaussian/gaussian_study.ts";
import {
  attackedImagesSchema,
  attackScoreSchema,
  duplicationRecordSchema,
  outcomeSchema,
  scoreSchema,
  timingSchema,
  trainAttackScoreSchema,
} from "../results/outcome.ts";
import { provenanceSchema } from "../results/provenance.ts";
import {
  cellSchema,
  datasetDigestSchema,
  failedCellSchema,
  finishedCellSchema,
  resultSetSchema,
  resumedCellsSchema,
  reusedCellsSchema,
  shardSchema,
} from "../results/result_set.ts";
import { axes } from "../spec/axes.ts";
import type { Axis } from "../spec/axis.ts";
import { backendNames } from "../spec/backends.ts";
import { exclusionSchema } from "../spec/exclude.ts";
import { layerSchema } from "../spec/layers.ts";
import { networkSchema } from "../spec/network.ts";
import { cellConfigSchema } from "../spec/cell_config.ts";
import { policyFields } from "../spec/policies.ts";
import { readingSchema } from "../spec/reading.ts";
import { studySchema } from "../spec/study.ts";
import type { TypeEntry } from "./type_source.ts";

const config = cellConfigSchema.shape;
const outcome = outcomeSchema.shape;
const benches = denoBenchSchema.shape.benches.element;
const benchResult = benches.shape.results.element;

/** The types of `src/spec/network_types.ts`. */
export const networkTypes: readonly TypeEntry[] = [
  {
    name: "Network",
    about:
      "A network as data: images `[h, w, c]` with pixels in `[0, 1]` go through its layers in order; the last gives one number per class.",
    schema: networkSchema,
  },
  {
    name: "Layer",
    about: "A layer of a network, defaults filled in.",
    schema: layerSchema,
  },
  ...optionsOf("Layer", layerSchema, "type"),
  {
    name: "NetworkInput",
    about: "A network as written in a file, defaults left out.",
    schema: networkSchema,
    io: "input",
  },
  {
    name: "LayerInput",
    about: "A layer as written in a file, defaults left out.",
    schema: layerSchema,
    io: "input",
  },
  ...optionsOf("LayerInput", layerSchema, "type").map((entry): TypeEntry => ({
    ...entry,
    io: "input",
  })),
];

/** The types of `src/spec/study_types.ts`. */
export const studyTypes: readonly TypeEntry[] = [
  {
    name: "Study",
    about:
      "A study with every default filled in: everything that decides the outcome of a sweep, and nothing that does not. Fields that are lists are axes: the cells of the sweep are their product.",
    schema: studySchema,
  },
  {
    name: "StudyInput",
    about: "A study as written in a file, defaults left out.",
    schema: studySchema,
    io: "input",
  },
  {
    name: "Exclusion",
    about:
      "Points that a study leaves out of the product of its axes: those that have, for every field that is given, one of its values.",
    schema: exclusionSchema,
  },
  {
    name: "CellConfig",
    about:
      "One training run, every default resolved: a point of a study, that a result set calls a cell. What has no effect on a cell is not in its config, so that equal work has equal configs and is done once.",
    schema: cellConfigSchema,
  },
  {
    name: "DatasetConfig",
    about: "Which images a cell is trained and tested on.",
    schema: config.dataset,
  },
  {
    name: "Reading",
    about:
      "How the images of a folder are read; what is absent is at its default.",
    schema: readingSchema,
  },
  {
    name: "DuplicationConfig",
    about: "Which images of a cell are duplicated, how often and how.",
    schema: config.duplication,
  },
  {
    name: "PolicyOptions",
    about:
      "Values of the fields that policies read, absent where none was given.",
    schema: z.strictObject(policyFields),
  },
  {
    name: "DedupConfig",
    about: "Which duplicates of a cell are removed before training.",
    schema: config.dedup.unwrap(),
  },
  ...optionsOf("DedupConfig", config.dedup.unwrap(), "method"),
  {
    name: "TrainingConfig",
    about: "How the network of a cell is trained.",
    schema: config.training,
  },
  ...optionsOf("TrainingConfig", config.training, "name"),
  {
    name: "OptimizerSpec",
    about: "An optimizer and its parameters.",
    schema: config.optimizer,
  },
  ...optionsOf("OptimizerSpec", config.optimizer, "name"),
  {
    name: "Schedule",
    about: "A schedule of the learning rate and its parameters.",
    schema: config.schedule,
  },
  ...optionsOf("Schedule", config.schedule, "name"),
  {
    name: "AugmentationConfig",
    about: "How training images of a cell are changed at random.",
    schema: config.augmentation,
  },
  {
    name: "EvaluationConfig",
    about: "How the network of a cell is attacked when it is evaluated.",
    schema: config.evaluation,
  },
];

/** The types of `src/analysis/arm_types.ts`. */
export const armTypes: readonly TypeEntry[] = [{
  name: "Arm",
  about:
    "What the cells of one curve have in common: a value of each coordinate but ratio and seed; `null` where it does not apply.",
  schema: z.strictObject({
    ...Object.fromEntries(
      axes.map((axis: Axis) => axis).filter(({ role }) =>
        role === "condition" || role === "duplication"
      ).map(({ key, entry, meaning }) => [
        key,
        entry.nullable().describe(meaning),
      ]),
    ),
    backend: z.enum(backendNames).describe("TensorFlow.js backend"),
  }),
  isReadonly: true,
}];

/** The types of `src/results/result_set_types.ts`. */
export const resultTypes: readonly TypeEntry[] = [
  {
    name: "ResultSet",
    about:
      "A result set: all cells of a study, or of one shard of them, with what is needed to repeat and check them. `digest` covers `schema`, `study`, `shard`, `dataset` and, of each cell, all but `timing` and `error`; nothing else in the file is reproducible.",
    schema: resultSetSchema,
  },
  {
    name: "Shard",
    about: "Which part of the cells of a study: `index` of `count`, from 1.",
    schema: shardSchema,
  },
  {
    name: "DatasetDigest",
    about:
      "Images per class and the SHA-256 of the decoded pixels and labels of a data set.",
    schema: datasetDigestSchema,
  },
  {
    name: "ResultPart",
    about: "A result set that was merged into another one.",
    schema: resultSetSchema.shape.parts.unwrap().element,
  },
  {
    name: "ResumedCells",
    about: "Cells of a result set that ran before its sweep was interrupted.",
    schema: resumedCellsSchema,
  },
  {
    name: "ReusedCells",
    about: "Cells of a result set that were taken from an earlier set.",
    schema: reusedCellsSchema,
  },
  {
    name: "CellResult",
    about: "A cell of a result set.",
    schema: cellSchema,
  },
  {
    name: "FinishedCell",
    about: "A cell that was run; a cell that diverged is one, too.",
    schema: finishedCellSchema,
  },
  {
    name: "FailedCell",
    about: "A cell whose worker ended twice without a result.",
    schema: failedCellSchema,
  },
  {
    name: "DuplicationRecord",
    about: "The copies added to the training set of a cell.",
    schema: duplicationRecordSchema,
  },
  {
    name: "ConflictRecord",
    about: "Labels of the copies of a cell.",
    schema: duplicationRecordSchema.shape.conflicting.unwrap(),
  },
  {
    name: "RemovalRecord",
    about:
      "The duplicates removed from the training set of a cell before training.",
    schema: duplicationRecordSchema.shape.removed.unwrap(),
  },
  {
    name: "Outcome",
    about:
      "The outcome of a cell, a function of its config alone: what the clock or the machine decides is in `timing` and `provenance`. Counts are stored, never rates, so that no digit is lost.",
    schema: outcomeSchema,
  },
  {
    name: "EpochRecord",
    about: "One epoch of training.",
    schema: outcome.epochs.element,
  },
  {
    name: "TestOutcome",
    about: "Results of the trained network on the test images.",
    schema: outcome.test.unwrap(),
  },
  {
    name: "AveragedOutcome",
    about: "Results of the moving average of the weights on the test images.",
    schema: outcome.averaged.unwrap(),
  },
  {
    name: "BestOutcome",
    about:
      "Results of the weights of the best epoch on held-out images, on the test images.",
    schema: outcome.best.unwrap(),
  },
  {
    name: "OverfittingCounts",
    about:
      "How many training images are classified correctly under a single step and under PGD.",
    schema: outcome.epochs.element.shape.overfitting.unwrap(),
  },
  {
    name: "ValidationCounts",
    about: "Number of held-out images classified correctly after an epoch.",
    schema: outcome.epochs.element.shape.validation.unwrap(),
  },
  {
    name: "Score",
    about: "Which test images are classified correctly.",
    schema: scoreSchema,
  },
  {
    name: "AttackedImages",
    about: "The test images that were attacked.",
    schema: attackedImagesSchema,
  },
  {
    name: "AttackScore",
    about: "Which test images are classified correctly under an attack.",
    schema: attackScoreSchema,
  },
  {
    name: "TrainOutcome",
    about: "Results of the trained network on the images it was trained on.",
    schema: outcome.train.unwrap(),
  },
  {
    name: "TrainAttackScore",
    about:
      "Which of the images trained on are classified correctly under an attack.",
    schema: trainAttackScoreSchema,
  },
  {
    name: "CorrectCount",
    about: "How many images of how many are classified correctly.",
    schema: outcome.train.unwrap().shape.unique,
  },
  {
    name: "RaisedFlag",
    about: "A reason why a result may be doubtful.",
    schema: outcome.flags.element,
  },
  {
    name: "Timing",
    about: "The times of a cell, in milliseconds; not part of any digest.",
    schema: timingSchema,
  },
  {
    name: "EpochTimes",
    about: "The times of one epoch, in milliseconds.",
    schema: timingSchema.shape.epochs.element,
  },
  {
    name: "Provenance",
    about:
      "Where, with what and how a result set was made; not part of its digest.",
    schema: provenanceSchema,
  },
  {
    name: "GitState",
    about: "State of the working copy that a result set was made with.",
    schema: provenanceSchema.shape.git.unwrap(),
  },
  {
    name: "RecordedEngine",
    about: "The program or browser that made a result set.",
    schema: provenanceSchema.shape.engine.unwrap(),
  },
];

/** The types of `src/gaussian/gaussian_types.ts`. */
export const gaussianTypes: readonly TypeEntry[] = [
  {
    name: "GaussianStudy",
    about:
      "The toy experiment, every default filled in. What is not here is fixed: means (0, 0) of class -1 and (1, 1) of class +1, shared covariance [[1, .5], [.5, 1]].",
    schema: gaussianStudySchema,
  },
  {
    name: "GaussianStudyInput",
    about: "The toy experiment, defaults left out.",
    schema: gaussianStudySchema,
    io: "input",
  },
  {
    name: "GaussianResult",
    about:
      "The toy experiment and all its machines; a function of the study alone.",
    schema: gaussianResultSchema,
  },
  {
    name: "GaussianRun",
    about:
      "One trained machine and what it classifies correctly. Every pair is of class -1 and class +1; counts are stored, never rates.",
    schema: gaussianRunSchema,
  },
];

/** The types of `src/compare/deno_bench_types.ts`. */
export const benchTypes: readonly TypeEntry[] = [
  {
    name: "DenoBench",
    about:
      "What `deno bench --json` prints, version 1: the fields that are read here.",
    schema: denoBenchSchema,
  },
  {
    name: "BenchStats",
    about:
      "Times of one bench, in nanoseconds; Deno keeps no samples and no median.",
    schema: benchStatsSchema,
  },
  {
    name: "BenchRuns",
    about: "One bench and its results, one per run.",
    schema: benches,
  },
  {
    name: "BenchResult",
    about: "How one run of a bench ended.",
    schema: benchResult,
  },
  {
    name: "BenchSuccess",
    about: "A successful run of a bench.",
    schema: benchResult.options[0],
  },
  {
    name: "BenchFailure",
    about: "A run of a bench that failed.",
    schema: benchResult.options[1],
  },
  {
    name: "BenchError",
    about: "The message of a failed bench.",
    schema: benchResult.options[1].shape.failed,
  },
];

/** A type for each option of a union, named for the value that tells it. */
function optionsOf(
  union: string,
  schema: z.ZodType,
  key: string,
): TypeEntry[] {
  const { options } = schema._zod.def as unknown as {
    options: z.ZodObject<Record<string, z.ZodLiteral<string>>>[];
  };
  return options.map((option) => {
    const value = [...option.shape[key]!.values][0]!;
    const title = value.replace(/(^|-)(.)/g, (_, _dash, c) => c.toUpperCase());
    return {
      name: `${title}${union}`,
      about: `${union} with the ${key} \`${value}\`.`,
      schema: option,
    };
  });
}
