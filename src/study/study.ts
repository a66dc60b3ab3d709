import { z } from "zod";
import { attackForms, attackPattern } from "../attacks/parse_attack.ts";
import { backendNames } from "../backend/backend.ts";
import { modelNames } from "../models/classifier_spec.ts";
import { augmentationNames } from "../train/augmentation.ts";
import { budgetNames } from "../train/batch_order.ts";
import { scheduleNames } from "../train/learning_rate.ts";
import { optimizerNames } from "../train/optimizer.ts";
import { datasetNames } from "../data/load_dataset.ts";
import { dedupNames } from "../detection/distinct_rows.ts";
import {
  policyNames,
  type StandInName,
  standInNames,
} from "../duplication/plan_duplication.ts";
import { nearKinds } from "../duplication/plan_near_copies.ts";

/** Names of the ways to train. */
export const trainingNames = ["standard", "adversarial"] as const;

/** Names of what a duplicate may be to its original. */
export const copyNames = ["exact", "near"] as const;

/** Names of the backends a study may ask for. */
export const backendRequests = ["auto", ...backendNames] as const;

const count = z.int().min(1).max(1_000_000);
const seed = z.int().min(0);
const pixels = z.number().gt(0).max(1);
const fraction = z.number().min(0).lt(1);

/** A list with at least one entry and none twice. */
function axis<T extends z.ZodType>(entry: T) {
  return z.array(entry).min(1).max(1000).refine(
    (list) => new Set(list.map((x) => JSON.stringify(x))).size === list.length,
    "must not name a value twice",
  );
}

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
  limitTrain: count.optional().describe(
    "Seeded class-balanced subset of the training images",
  ),
  limitTest: count.optional().describe(
    "Seeded class-balanced subset of the test images",
  ),
  model: axis(z.enum(modelNames)).default(["published-standard"]).describe(
    "Models",
  ),
  training: axis(z.enum(trainingNames)).default(["standard"]).describe(
    "Ways to train; adversarial is on PGD examples",
  ),
  policy: axis(z.enum(policyNames).exclude(["none"])).default(["uniform"])
    .describe("Which images are duplicated"),
  ratios: axis(z.number().min(0).max(100)).default([0, 0.5, 1]).describe(
    "Duplicates added per original image; may exceed 1",
  ),
  mode: axis(z.enum(["add", "replace"])).default(["add"]).describe(
    "Whether the set grows, or duplicates displace other originals (up to ratio .5)",
  ),
  standIn: axis(z.enum(standInNames)).optional().describe(
    "What stands where the copies would: they themselves, weights of their originals, or fresh images of the same classes (beyond limitTrain); the last two only in mode add (default copies)",
  ),
  budget: axis(z.enum(budgetNames)).default(["steps"]).describe(
    "What every ratio gets as much of: gradient steps, or epochs (as published)",
  ),
  seeds: axis(seed).default([1]).describe("Seeds; each is a run of its own"),
  class: z.int().min(0).max(255).optional().describe(
    "Class that the policy single-class duplicates",
  ),
  classWeights: z.array(z.number().min(0)).min(1).max(256).optional().describe(
    "Share of each class in the copies, for the policy class-biased (default: the first half of the classes share .8)",
  ),
  multiplicity: count.optional().describe(
    "Copies of each chosen image, for the policy concentrated (default 10)",
  ),
  copies: axis(z.enum(copyNames)).optional().describe(
    "Whether duplicates are byte-identical or near duplicates (default exact)",
  ),
  nearKinds: axis(z.enum(nearKinds)).optional().describe(
    "How near duplicates differ, each alike likely (default all)",
  ),
  dedup: axis(z.enum(dedupNames)).optional().describe(
    "Which duplicates are found and removed from the training list before training (default none)",
  ),
  epochs: count.default(10).describe("Epochs to train"),
  evaluateEvery: count.optional().describe(
    "Epochs between counts of correct test images, from which the time to a given accuracy is told (default: at the end only)",
  ),
  batch: count.optional().describe("Images in a batch (default 128)"),
  optimizer: z.enum(optimizerNames).optional().describe(
    "Optimizer (default: the model's published one)",
  ),
  learningRate: z.number().gt(0).optional().describe(
    "Learning rate (default .01 for sgd, .001 for adam)",
  ),
  momentum: fraction.optional().describe("Momentum of sgd (default .9)"),
  weightDecay: fraction.optional().describe(
    "Weight decay, coupled (default 5e-4 for sgd, 0 for adam)",
  ),
  schedule: z.enum(scheduleNames).default("constant").describe(
    "How the learning rate changes from epoch to epoch",
  ),
  scheduleEvery: count.optional().describe(
    "Epochs between drops of the schedule step (default 10)",
  ),
  scheduleGamma: z.number().gt(0).max(1).optional().describe(
    "Factor of a drop of the schedule step (default .1)",
  ),
  augment: z.enum(augmentationNames).optional().describe(
    "Augmentation of training images (default: the model's published one)",
  ),
  augmentCopies: z.enum(["own", "same"]).default("own").describe(
    "Whether a copy draws an augmentation of its own or moves as its original",
  ),
  epsilon: pixels.default(8 / 255).describe(
    "Radius of the L-infinity ball, in pixel units; fractions such as 8/255 are taken",
  ),
  alpha: pixels.optional().describe(
    "Step of iterated attacks, in pixel units (default: a quarter of epsilon)",
  ),
  trainSteps: z.int().min(1).max(1000).default(10).describe(
    "PGD iterations of adversarial training",
  ),
  randomStart: z.boolean().default(true).describe(
    "Whether PGD training starts at a random point of the ball",
  ),
  attackLowest: z.number().gt(0).lt(1).optional().describe(
    "Smallest pixel that PGD leaves (default 0; published: .5, as the notebook clamps normalised pixels to [0, 1])",
  ),
  testAugment: z.boolean().optional().describe(
    "Whether test images are augmented like training images (as published)",
  ),
  testRandomStart: z.boolean().optional().describe(
    "Whether PGD evaluation starts at a random point of the ball (default yes; published: no)",
  ),
  attacks: z.array(
    z.string().regex(attackPattern, { error: `must be ${attackForms}` }),
  ).max(20).refine(
    (list) => new Set(list).size === list.length,
    "must not name a value twice",
  ).default(["fgsm", "pgd-10"]).describe("Attacks of the evaluation"),
  backend: z.enum(backendRequests).default("auto").describe(
    "TF.js backend; auto is webgpu on a hardware adapter, else wasm",
  ),
}).superRefine((study, context) => {
  for (const [field, holds, need] of idleFields) {
    if (study[field] !== undefined && !holds(study)) {
      context.addIssue({
        code: "custom",
        path: [field],
        message: `has no effect without ${need}`,
        input: study[field],
      });
    }
  }
  if (!standInsOf(study).includes("copies") && !study.mode.includes("add")) {
    context.addIssue({
      code: "custom",
      path: ["standIn"],
      message: "weights and fresh need the mode add",
      input: study.standIn,
    });
  }
  const cells = axes.reduce((n, axis) => n * (study[axis]?.length ?? 1), 1);
  if (cells > MOST_CELLS) {
    context.addIssue({
      code: "custom",
      path: ["seeds"],
      message: `must leave at most ${MOST_CELLS} cells, with all other axes`,
      input: cells,
    });
  }
  if (study.policy.includes("single-class") && study.class === undefined) {
    context.addIssue({
      code: "custom",
      path: ["class"],
      message: "is needed by the policy single-class",
      input: undefined,
    });
  }
});

/** Most cells of a study, so that a few short lists cannot ask for billions. */
const MOST_CELLS = 100_000;

/** Fields whose product the cells are. */
const axes = [
  "model",
  "training",
  "policy",
  "ratios",
  "mode",
  "standIn",
  "budget",
  "seeds",
  "copies",
  "dedup",
] as const satisfies (keyof Study)[];

/**
 * Fields that would silently do nothing: each with the condition under which
 * it acts. A user who sets one expects an effect, so its absence is refused.
 */
const idleFields: readonly [
  keyof Study,
  (study: Study) => boolean,
  need: string,
][] = [
  [
    "class",
    ({ policy }) => policy.includes("single-class"),
    "policy single-class",
  ],
  [
    "classWeights",
    ({ policy }) => policy.includes("class-biased"),
    "policy class-biased",
  ],
  [
    "multiplicity",
    ({ policy }) => policy.includes("concentrated"),
    "policy concentrated",
  ],
  [
    "nearKinds",
    ({ copies }) => copies?.includes("near") ?? false,
    "copies near",
  ],
  ["momentum", ({ optimizer }) => optimizer !== "adam", "optimizer sgd"],
  ["scheduleEvery", ({ schedule }) => schedule === "step", "schedule step"],
  ["scheduleGamma", ({ schedule }) => schedule === "step", "schedule step"],
];

/** What stands where the copies would, the default filled in. */
export function standInsOf(
  { standIn }: Pick<Study, "standIn">,
): readonly StandInName[] {
  return standIn ?? ["copies"];
}

/** A study with every default filled in. */
export type Study = typeof studySchema["_output"];

/** A study as written in a file, defaults left out. */
export type StudyInput = typeof studySchema["_input"];

/**
 * Checks a study and fills in its defaults.
 *
 * @throws {ZodError} Naming each field that will not do.
 */
export function parseStudy(input: unknown): Study {
  return studySchema.parse(input);
}
