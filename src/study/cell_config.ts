import { z } from "zod";
import { attackPattern } from "../attacks/parse_attack.ts";
import { backendNames } from "../backend/backend.ts";
import { digestOf } from "../core/digest.ts";
import { datasetNames } from "../data/load_dataset.ts";
import { policyNames, standInNames } from "../duplication/plan_duplication.ts";
import { nearKinds } from "../duplication/plan_near_copies.ts";
import { modelNames } from "../models/classifier_spec.ts";
import { augmentationNames } from "../train/augmentation.ts";
import { budgetNames } from "../train/batch_order.ts";

/**
 * One training run, every default resolved: the point of a sweep that a result
 * set calls a cell. What has no effect on a cell is not in its config, so that
 * equal work has equal configs and is done once.
 *
 * @internal
 */
export const cellConfigSchema = z.strictObject({
  dataset: z.strictObject({
    name: z.enum(datasetNames),
    limitTrain: z.int().min(1).nullable(),
    limitTest: z.int().min(1).nullable(),
  }),
  model: z.enum(modelNames),
  training: z.discriminatedUnion("name", [
    z.strictObject({ name: z.literal("standard") }),
    z.strictObject({
      name: z.literal("adversarial"),
      epsilon: z.number(),
      alpha: z.number(),
      steps: z.int().min(1),
      randomStart: z.boolean(),
      lowest: z.number().optional(),
    }),
  ]),
  duplication: z.strictObject({
    policy: z.enum(policyNames),
    ratio: z.number().min(0),
    mode: z.enum(["add", "replace"]),
    standIn: z.enum(standInNames).exclude(["copies"]).optional(),
    class: z.int().min(0).optional(),
    classWeights: z.array(z.number().min(0)).optional(),
    multiplicity: z.int().min(1).optional(),
    nearKinds: z.array(z.enum(nearKinds)).min(1).optional().describe(
      "How copies differ from their originals; absent: not at all",
    ),
  }),
  dedup: z.discriminatedUnion("method", [
    z.strictObject({ method: z.literal("exact") }),
    z.strictObject({
      method: z.literal("near"),
      maxDifference: z.number(),
      mirrored: z.boolean(),
    }),
  ]).optional().describe(
    "Duplicates removed before training; absent: none",
  ),
  budget: z.enum(budgetNames),
  epochs: z.int().min(1),
  evaluateEvery: z.int().min(1).optional().describe(
    "Epochs between counts of correct test images; absent: at the end only",
  ),
  batch: z.int().min(1),
  optimizer: z.discriminatedUnion("name", [
    z.strictObject({
      name: z.literal("sgd"),
      learningRate: z.number(),
      momentum: z.number(),
      weightDecay: z.number(),
    }),
    z.strictObject({
      name: z.literal("adam"),
      learningRate: z.number(),
      weightDecay: z.number(),
    }),
  ]),
  schedule: z.discriminatedUnion("name", [
    z.strictObject({ name: z.literal("constant") }),
    z.strictObject({
      name: z.literal("step"),
      every: z.int().min(1),
      gamma: z.number(),
    }),
    z.strictObject({ name: z.literal("cosine") }),
  ]),
  augmentation: z.strictObject({
    name: z.enum(augmentationNames),
    copies: z.enum(["own", "same"]),
  }),
  evaluation: z.strictObject({
    attacks: z.array(z.string().regex(attackPattern)),
    epsilon: z.number(),
    alpha: z.number(),
    // Absent where they are as they should be.
    lowest: z.number().optional(),
    randomStart: z.literal(false).optional(),
    augmentation: z.enum(augmentationNames).optional(),
  }),
  seed: z.int().min(0),
  backend: z.enum(backendNames),
});

/** One training run, every default resolved. */
export type CellConfig = typeof cellConfigSchema["_output"];

/** Whether correct test images are counted after an epoch, from 0. */
export function isCounted(
  epoch: number,
  { epochs, evaluateEvery }: Pick<CellConfig, "epochs" | "evaluateEvery">,
): boolean {
  if (evaluateEvery === undefined) return false;
  return (epoch + 1) % evaluateEvery === 0 || epoch === epochs - 1;
}

/** The identity of a cell: 16 hexadecimal digits of its config's digest. */
export function cellId(config: CellConfig): string {
  return digestOf(config).slice(0, 16);
}
