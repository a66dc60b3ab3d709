import { z } from "zod";
import { attackForms, attackPattern } from "./attacks.ts";
import {
  augmentationFields,
  augmentations,
  copyAugmentations,
} from "./augmentations.ts";
import { axes, type AxisFields, axisFields } from "./axes.ts";
import type { Axis } from "./axis.ts";
import { drawTrainAxis } from "./axes/draw_train.ts";
import { findNetworkFaults, networksField } from "./axes/model.ts";
import { TRAIN_STEPS, trainingFields } from "./axes/training.ts";
import { networkNames } from "./networks.ts";
import { nearKindsField } from "./axes/copies.ts";
import { batchings } from "./batchings.ts";
import { backendRequests } from "./backends.ts";
import { datasetNames } from "./datasets.ts";
import { excludeField, findIdleExclusions, findStrangers } from "./exclude.ts";
import { count, laterField } from "./field.ts";
import { leakRules } from "./leak_rules.ts";
import { findIdleFields, findMissingFields } from "./idle_fields.ts";
import {
  describeDefaults,
  optimizerOptionFields,
  optimizers,
} from "./optimizers.ts";
import { plans } from "./plans.ts";
import { type PolicyFields, policyFields } from "./policies.ts";
import { describeRenewed, renewStudy } from "./renewed_fields.ts";
import { readingFields } from "./reading.ts";
import { scheduleFields, schedules } from "./schedules.ts";
import { splits } from "./splits.ts";
import { namesOf } from "./term.ts";
import { alphaFallback, EPSILON } from "./threat.ts";
import { valuesOf } from "./values_of.ts";
import { validateInput } from "./validate_input.ts";
import type { Study } from "./study_types.ts";

export type { Study };
export type { StudyInput } from "./study_types.ts";

const pixels = z.number().gt(0).max(1);
const fraction = z.number().min(0).lt(1);

/** Images per batch, where a study does not say. */
export const BATCH = 128;

/** Schedule of a network whose recipe does not say. */
export const SCHEDULE = "constant";

/** Most cells of a study, so that a few short lists cannot ask for billions. */
const MOST_CELLS = 100_000;

/** Fields of policies that are no axes. */
const ownPolicyFields = Object.fromEntries(
  Object.entries(policyFields).filter(([field]) =>
    !Object.hasOwn(axisFields, field)
  ),
) as Omit<PolicyFields, keyof AxisFields>;

/**
 * A study: everything that decides the outcome of a sweep, and nothing that
 * does not. This schema is the one source of the study files, of the flags of
 * `sweep` (each field is a flag, `limitTrain` being `--limit-train`), of their
 * help text and of the published JSON Schema. Fields that are lists are axes:
 * the cells of the sweep are their product.
 *
 * @internal
 */
export const studySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, {
    error: "must be lower-case letters, digits, dots, dashes or underscores",
  }).describe("Name of the study, and of its result file"),
  description: z.string().max(2000).default("").describe(
    "What the study asks, in a sentence",
  ),
  dataset: z.enum(datasetNames).default("cifar10-mini").describe("Images"),
  split: laterField(z.enum(namesOf(splits)), {
    meaning:
      "How a folder without sub-folders for training and testing is split: groups keeps duplicates of each other in the same split, images ignores duplicates",
    fallback: describeRenewed("split"),
  }),
  ...readingFields,
  limitTrain: laterField(count, {
    meaning: "Training images: a seeded, class-balanced subset of this size",
    fallback: "all",
  }),
  limitTest: laterField(count, {
    meaning: "Test images: a seeded, class-balanced subset of this size",
    fallback: "all",
  }),
  leaks: laterField(z.enum(namesOf(leakRules)), {
    meaning:
      "Whether test images with an exact, near or mirrored duplicate among the training images are included in accuracies, or counted separately",
    fallback: "counted",
  }),
  ...axisFields,
  exclude: laterField(excludeField, {
    meaning:
      "Combinations of axis values to leave out: a cell is left out if, for every field of an entry, it has one of the listed values",
    fallback: "none",
  }),
  networks: laterField(networksField, {
    meaning: "Networks defined by the study, by name",
  }),
  ...ownPolicyFields,
  nearKinds: nearKindsField,
  plans: laterField(z.enum(namesOf(plans)), {
    meaning:
      "Whether the copies at a ratio are among those at every larger one, or are drawn independently at each ratio, as in the paper's notebook",
    fallback: "nested",
  }),
  epochs: count.default(10).describe("Epochs to train"),
  evaluateEvery: laterField(count, {
    meaning:
      "Epochs between evaluations on the clean test images, which give the time to a given accuracy",
    fallback: "at the end only",
  }),
  validation: laterField(count, {
    meaning:
      "Held-out training images, a class-balanced subset of this size: the best epoch on them is chosen, and its weights are evaluated in addition to the last ones",
    fallback: "none",
  }),
  batch: laterField(count, {
    meaning: "Images per batch",
    fallback: `the recipe's, otherwise ${BATCH}`,
  }),
  batching: laterField(z.enum(namesOf(batchings)), {
    meaning:
      "How images that do not fill a batch are used: they begin the first batch of the next pass, or form a smaller last batch",
    fallback: describeRenewed("batching"),
  }),
  optimizer: laterField(z.enum(namesOf(optimizers)), {
    meaning: "Optimizer",
    fallback: "the recipe's",
  }),
  learningRate: laterField(z.number().gt(0), {
    meaning: "Learning rate",
    fallback: describeDefaults("learningRate"),
  }),
  momentum: laterField(fraction, {
    meaning: "Momentum",
    fallback: describeDefaults("momentum"),
  }),
  weightDecay: laterField(fraction, {
    meaning: "Weight decay, added to the gradient except by adamw",
    fallback: describeDefaults("weightDecay"),
  }),
  ...optimizerOptionFields,
  schedule: laterField(z.enum(namesOf(schedules)), {
    meaning: "How the learning rate changes",
    fallback: `the recipe's, otherwise ${SCHEDULE}`,
  }),
  ...scheduleFields,
  labelSmoothing: laterField(fraction, {
    meaning:
      "Share of the label that is spread over all classes in the training loss",
    fallback: "the recipe's, otherwise 0",
  }),
  averageDecay: laterField(z.number().gt(0).lt(1), {
    meaning:
      "Decay of an exponential moving average of the weights, which is evaluated in addition to the last weights",
    fallback: "no average",
  }),
  augment: laterField(z.enum(namesOf(augmentations)), {
    meaning: "Augmentation of training images",
    fallback: "the recipe's",
  }),
  ...augmentationFields,
  augmentCopies: z.enum(namesOf(copyAugmentations)).default("own").describe(
    "Whether a copy is augmented independently of its original or in the same way",
  ),
  epsilon: pixels.default(EPSILON).describe(
    "Radius of the L-infinity ball, in pixel units; fractions such as 8/255 are accepted",
  ),
  alpha: laterField(pixels, {
    meaning: "Step size of iterated attacks, in pixel units",
    fallback: alphaFallback,
  }),
  trainSteps: z.int().min(1).max(1000).default(TRAIN_STEPS).describe(
    "PGD iterations of adversarial training",
  ),
  randomStart: z.boolean().default(true).describe(
    "Whether PGD training starts at a random point of the ball",
  ),
  ...trainingFields,
  attackLowest: laterField(z.number().gt(0).lt(1), {
    meaning: "Lower bound of pixel values under PGD",
    fallback:
      "0; published: .5, as the notebook clamps normalised pixels to [0, 1]",
  }),
  testAugment: laterField(z.boolean(), {
    meaning:
      "Whether test images are augmented like training images (as published)",
    fallback: "no",
  }),
  testFlip: laterField(z.boolean(), {
    meaning:
      "Whether test images are also classified by the mean of their logits and those of their mirror images; never under an attack",
    fallback: "no",
  }),
  testRandomStart: laterField(z.boolean(), {
    meaning: "Whether PGD evaluation starts at a random point of the ball",
    fallback: "yes; published: no",
  }),
  attackTraining: laterField(z.boolean(), {
    meaning:
      "Whether the attacks are also run on the images trained on, as published for adversarial training",
    fallback: "no",
  }),
  attacks: z.array(
    z.string().regex(attackPattern, { error: `must be ${attackForms}` }),
  ).max(20).refine(
    (list) => new Set(list).size === list.length,
    "must not name a value twice",
  ).default(["fgsm", "pgd-10"]).describe("Attacks of the evaluation"),
  attackImages: laterField(count, {
    meaning:
      "Number of test images that are attacked: those that limitTest would keep",
    fallback: "all",
  }),
  backend: z.enum(backendRequests).default("auto").describe(
    "TensorFlow.js backend; auto is webgpu on a hardware adapter, otherwise wasm",
  ),
}).superRefine((study, context) => {
  const refuse = (path: string, message: string, input: unknown) =>
    context.addIssue({ code: "custom", path: [path], message, input });
  refuseIdleFields(study, context, { isRecorded: true });
  for (const { field, policy } of findMissingFields(study)) {
    refuse(field, `is needed by the policy ${policy}`, undefined);
  }
  const { unknown, unused } = findNetworkFaults(study);
  for (const name of unknown) {
    refuse(
      "model",
      `must be one of ${
        [...networkNames, ...Object.keys(study.networks ?? {})].join(", ")
      }`,
      name,
    );
  }
  for (const name of unused) {
    refuse("networks", `has a network that "model" does not name`, name);
  }
  const standIns = study.standIn ?? ["copies"];
  if (!standIns.includes("copies") && !study.mode.includes("add")) {
    refuse(
      "standIn",
      "must include copies, as all others need the mode add",
      study.standIn,
    );
  }
  for (const { field, value } of findStrangers(study)) {
    refuse("exclude", `must name values that "${field}" has`, value);
  }
  const { limitTrain = Infinity } = study;
  const above = valuesOf(study, drawTrainAxis).find((size) =>
    typeof size === "number" && size > limitTrain
  );
  if (above !== undefined) {
    refuse("drawTrain", `must be at most limitTrain, ${limitTrain}`, above);
  }
  const { limitTest = Infinity, attackImages = 0 } = study;
  if (attackImages > limitTest) {
    refuse(
      "attackImages",
      `must be at most limitTest, ${limitTest}`,
      attackImages,
    );
  }
  const cells = sizeOf(study);
  if (cells > MOST_CELLS) {
    refuse(
      "seeds",
      `must leave at most ${MOST_CELLS} cells, with all other axes`,
      cells,
    );
  }
});

/** How many points the product of the axes has. */
function sizeOf(study: Study): number {
  return axes.reduce(
    (n, axis: Axis) => n * valuesOf<unknown>(study, axis).length,
    1,
  );
}

/**
 * A study that is to be run now. Unlike a recorded one it may have no field and no
 * entry of `exclude` that does nothing.
 *
 * @internal
 */
export const newStudySchema: typeof studySchema = studySchema.superRefine(
  (study, context) => {
    refuseIdleFields(study, context);
    // Of a study that is refused for its size the points are not listed.
    if (sizeOf(study) > MOST_CELLS) return;
    for (const i of findIdleExclusions(study)) {
      context.addIssue({
        code: "custom",
        path: ["exclude", i],
        message: "must match at least one cell of the study",
        input: study.exclude![i],
      });
    }
  },
);

function refuseIdleFields(
  study: Study,
  context: z.RefinementCtx,
  options?: Parameters<typeof findIdleFields>[1],
): void {
  const given: Readonly<Record<string, unknown>> = { ...study };
  for (const { field, need } of findIdleFields(study, options)) {
    context.addIssue({
      code: "custom",
      path: [field],
      message: `has no effect without ${need}`,
      input: given[field],
    });
  }
}

/**
 * Checks a new study and fills in its defaults. A recorded one is to be read with
 * its result set: where it lacks fields, it did what earlier versions did.
 *
 * @param input A `StudyInput`, such as the content of a JSON file.
 * @throws {UsageError} Naming the first field that is missing, unknown or whose
 * value is not allowed, and the value.
 */
export function parseStudy(input: unknown): Study {
  return renewStudy(validateInput(newStudySchema, input, "The study"));
}
