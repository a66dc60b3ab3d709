import { z } from "zod";
import { canonicalJson, digestOf, sha256 } from "../core/digest.ts";
import { attackPattern } from "./attacks.ts";
import { augmentationConfig, augmentations } from "./augmentations.ts";
import { axisShape } from "./axes.ts";
import { batchings } from "./batchings.ts";
import { backendNames } from "./backends.ts";
import { datasetNames } from "./datasets.ts";
import { optimizerConfig } from "./optimizers.ts";
import { readingSchema } from "./reading.ts";
import { renewedFields } from "./renewed_fields.ts";
import { scheduleConfig } from "./schedules.ts";
import { splits } from "./splits.ts";
import { namesOf } from "./term.ts";
import { threatShape } from "./threat.ts";
import type { CellConfig } from "./study_types.ts";

export type { CellConfig };

/**
 * One training run, every default resolved: the point of a sweep that a result
 * set calls a cell. What has no effect on a cell is not in its config, so that
 * equal work has equal configs and is done once.
 *
 * @internal
 */
export const cellConfigSchema = z.strictObject({
  ...axisShape,
  dataset: z.strictObject({
    name: z.enum(datasetNames).describe("Name of the data set"),
    limitTrain: z.int().min(1).nullable().describe(
      "Training images of its class-balanced subset; null: all",
    ),
    limitTest: z.int().min(1).nullable().describe(
      "Test images of its class-balanced subset; null: all",
    ),
    validation: z.int().min(1).optional().describe(
      "Training images, after the limit, that are held out to choose the best epoch; absent: none",
    ),
    split: z.enum(namesOf(splits)).exclude([renewedFields.split.recorded])
      .optional().describe(
        "How a folder is split into training and test images; absent: image by image, or the data set has its own split",
      ),
    leaks: z.literal("apart").optional().describe(
      "Test images with a duplicate among the training images are counted separately; absent: like all others",
    ),
    reading: readingSchema.optional().describe(
      "Options for reading the images of a folder that are not at their default; absent: none",
    ),
  }).describe("Images"),
  epochs: z.int().min(1).describe("Epochs to train"),
  evaluateEvery: z.int().min(1).optional().describe(
    "Epochs between evaluations on the clean test images; absent: at the end only",
  ),
  batch: z.int().min(1).describe("Images per batch"),
  batching: z.enum(namesOf(batchings))
    .exclude([renewedFields.batching.recorded]).optional().describe(
      "How images that do not fill a batch are used; absent: the last batch of a pass holds them",
    ),
  optimizer: optimizerConfig.describe("Optimizer and its parameters"),
  schedule: scheduleConfig.describe(
    "How the learning rate changes",
  ),
  labelSmoothing: z.number().optional().describe(
    "Share of the label that is spread over all classes in the training loss; absent: 0",
  ),
  averageDecay: z.number().optional().describe(
    "Decay of the moving average of the weights that is also evaluated; absent: no average",
  ),
  augmentation: augmentationConfig.describe(
    "Random changes of training images",
  ),
  evaluation: z.strictObject({
    attacks: z.array(z.string().regex(attackPattern)).describe(
      "Attacks on the test images, by name",
    ),
    ...threatShape,
    randomStart: z.literal(false).optional().describe(
      "Whether PGD starts at a random point of the ball; absent: yes",
    ),
    augmentation: z.enum(namesOf(augmentations)).optional().describe(
      "Augmentation of the test images, as published; absent: none",
    ),
    flip: z.literal(true).optional().describe(
      "Whether test images are also classified with their mirror images, without attack; absent: no",
    ),
    attackImages: z.int().min(1).optional().describe(
      "Test images that are attacked, a class-balanced subset; absent: all",
    ),
    attackTraining: z.literal(true).optional().describe(
      "Whether the attacks are also run on the images trained on; absent: no",
    ),
  }).describe("How the trained network is tested"),
  backend: z.enum(backendNames).describe("TensorFlow.js backend"),
});

/** Whether correct test images are counted after an epoch, from 0. */
export function isCounted(
  epoch: number,
  { epochs, evaluateEvery }: Pick<CellConfig, "epochs" | "evaluateEvery">,
): boolean {
  if (evaluateEvery === undefined) return false;
  return (epoch + 1) % evaluateEvery === 0 || epoch === epochs - 1;
}

/** How many training images are attacked after an epoch, from 0, to find catastrophic overfitting. */
export function overfittingImagesAt(
  epoch: number,
  config: Pick<CellConfig, "epochs" | "evaluateEvery" | "training">,
): number {
  const { training, epochs } = config;
  if (training.name === "standard") return 0;
  const isLooked = isCounted(epoch, config) || epoch === epochs - 1;
  return isLooked ? training.overfittingImages ?? 0 : 0;
}

/** Hexadecimal digits of the identity of a cell. */
const ID_DIGITS = 16;

/** The identity of a cell: 16 hexadecimal digits of its config's digest. */
export function cellId(config: CellConfig): string {
  return digestOf(config).slice(0, ID_DIGITS);
}

/**
 * The ids of the cells that differ from one in nothing but the seed: what
 * `cellId` gives, without the canonical form of the rest each time.
 */
export function seededCellId(
  config: CellConfig,
): (seed: CellConfig["seed"]) => string {
  // Canonical JSON sorts the fields, so the seed has its place among them.
  const fields = (isKept: (name: string) => boolean) =>
    canonicalJson(
      Object.fromEntries(
        Object.entries(config).filter(([name]) => isKept(name)),
      ),
    ).slice(1, -1);
  const before = `{${fields((name) => name < "seed")},"seed":`;
  const after = `,${fields((name) => name > "seed")}}`;
  return (seed) =>
    sha256(`${before}${canonicalJson(seed)}${after}`).slice(0, ID_DIGITS);
}
