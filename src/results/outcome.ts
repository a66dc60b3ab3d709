import { z } from "zod";

export type {
  DuplicationRecord,
  Flag,
  Outcome,
  Timing,
} from "./result_set_types.ts";

const count = z.int().min(0);

/** One count per class: a label is a byte. */
export const perClassSchema: z.ZodArray<z.ZodInt> = z.array(count).max(256);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Which test images are classified correctly.
 *
 * @internal
 */
export const scoreSchema = z.strictObject({
  correct: count.describe("Images classified correctly"),
  correctPerClass: perClassSchema.describe("The same by true class"),
  bits: z.string().regex(/^[0-9a-f]*$/).describe(
    "One bit per image, 1 where it is classified correctly; image 0 is the highest bit of the first hexadecimal digit",
  ),
});

/**
 * Which test images are classified correctly under an attack.
 *
 * @internal
 */
export const attackScoreSchema = z.strictObject({
  ...scoreSchema.shape,
  maxPerturbation: z.number().describe(
    "Largest change of any pixel, in pixel units of [0, 1]",
  ),
});

const correctCount = z.strictObject({
  rows: count.describe("Images"),
  correct: count.describe("Images classified correctly"),
});

/**
 * Which of the images trained on are classified correctly under an attack.
 *
 * @internal
 */
export const trainAttackScoreSchema = z.strictObject({
  unique: correctCount.describe("The originals trained on, each counted once"),
  copies: correctCount.describe("The copies, each counted"),
  maxPerturbation: z.number().describe(
    "Largest change of any pixel, in pixel units of [0, 1]",
  ),
});

/**
 * The copies added to the training set of a cell.
 *
 * @internal
 */
export const duplicationRecordSchema = z.strictObject({
  originals: count.describe("Original images that are trained on"),
  copies: count.describe("Copies, or their stand-ins"),
  copiesPerClass: perClassSchema.describe("The same by class of the image"),
  distinctCopied: count.describe("Originals that have at least one copy"),
  planSha256: sha256.describe(
    "SHA-256 of the rows that the plan keeps and copies",
  ),
  copiesSha256: sha256.optional().describe(
    "SHA-256 of the pixels of near copies; absent if copies are exact",
  ),
  conflicting: z.strictObject({
    copies: count.describe("Copies that have another class's label"),
    copiesPerLabel: perClassSchema.describe(
      "All copies by their label",
    ),
    labelsSha256: sha256.describe(
      "SHA-256 of the labels of the copies, one byte each",
    ),
  }).optional().describe(
    "Labels of the copies; absent if all copies have the labels of their originals",
  ),
  removed: z.strictObject({
    originals: count.describe("Original images found to be duplicates"),
    copies: count.describe("Copies found to be duplicates"),
    slotsSha256: sha256.describe(
      "SHA-256 of the slots of the training list that are kept: 32-bit indices into originals, then copies",
    ),
  }).optional().describe(
    "Duplicates removed before training; absent if none were searched for",
  ),
});

/**
 * Names of what may make a result doubtful.
 *
 * @internal
 */
export const flagNames = [
  "diverged",
  "perturbation-exceeds-epsilon",
  "pixels-out-of-range",
  "not-a-number",
  "adversarial-above-clean",
  "zero-gradient",
  "tensor-leak",
  "randomized-model",
  "softmax-output",
  "square-beats-white-box",
  "catastrophic-overfitting",
] as const;

/**
 * The test images under attack.
 *
 * @internal
 */
export const attackedImagesSchema = z.strictObject({
  rows: count.describe("Test images that were attacked"),
  rowsPerClass: perClassSchema.describe("The same by class"),
});

const testOutcome = z.strictObject({
  rows: count.describe("Test images"),
  rowsPerClass: perClassSchema.describe("The same by class"),
  clean: scoreSchema.describe("Without an attack"),
  flipped: scoreSchema.optional().describe(
    "Without an attack, by the mean of the logits of an image and of its mirror image; absent if the study does not request it",
  ),
  attacked: attackedImagesSchema.optional().describe(
    "The images on which accuracy under attack and in the worst case is computed, in the order of the test images; absent: all test images",
  ),
  byAttack: z.record(z.string(), attackScoreSchema).describe(
    "Under each attack of the study, by its name",
  ),
  worstCase: scoreSchema.optional().describe(
    "Images classified correctly both clean and under every attack; absent: the study has no attacks, or is older and did not count them",
  ),
});

/**
 * The outcome of a cell. Every field is reproducible: what depends on the clock
 * or the machine is under `timing` and `provenance`. Counts are stored,
 * never rates, so that no digit is lost.
 *
 * @internal
 */
export const outcomeSchema = z.strictObject({
  epochs: z.array(z.strictObject({
    loss: z.number().describe("Mean training loss in nats"),
    images: count.describe("Images trained on"),
    steps: count.describe("Gradient steps"),
    correct: count.optional().describe(
      "Clean test images classified correctly after it; absent if the study does not request it",
    ),
    validation: z.strictObject({
      correct: count.describe("Held-out images classified correctly"),
      robust: count.optional().describe(
        "The same after one step of the gradient's sign, of length epsilon; absent in standard training",
      ),
    }).optional().describe(
      "Held-out training images, after it; absent if the study does not request it",
    ),
    overfitting: z.strictObject({
      images: count.describe("Training images attacked"),
      singleStep: count.describe(
        "Of these, classified correctly after one step of the gradient's sign, of length epsilon",
      ),
      pgd: count.describe("Of these, classified correctly under PGD-10"),
    }).optional().describe(
      "Check for catastrophic overfitting, after it; absent if it is not made",
    ),
  })).describe("Each epoch of training"),
  divergedAtEpoch: count.nullable().describe(
    "Epoch whose loss was not finite, from 0; the number of epochs if the last step made the weights, or the logits of training images, not finite; such a cell is not evaluated; null: training did not diverge",
  ),
  test: testOutcome.nullable().describe(
    "Test images, by the weights after the last epoch; null if training diverged",
  ),
  leaked: correctCount.optional().describe(
    "Clean accuracy on the test images that are counted separately because they have a duplicate among the training images; absent if there are none, or training diverged",
  ),
  train: z.strictObject({
    unique: correctCount.describe(
      "Clean accuracy on the originals trained on, each counted once",
    ),
    copies: correctCount.describe(
      "Clean accuracy on the copies, each counted",
    ),
    byAttack: z.record(z.string(), trainAttackScoreSchema).optional().describe(
      "Under each attack of the study, by its name; absent if the study does not request it",
    ),
  }).nullable().describe("Training images; null if training diverged"),
  flags: z.array(z.strictObject({
    flag: z.enum(flagNames).describe("What was found"),
    where: z.string().describe("Attack or epoch that raised it"),
    value: z.number().nullable().describe(
      "The number that raised it; null: there is none",
    ),
  })).describe("Reasons why the result may be doubtful"),
  weightsSha256: sha256.describe(
    "SHA-256 of the final weights, float32, in PyTorch's order and layout",
  ),
  best: z.strictObject({
    epoch: count.describe(
      "The epoch, from 0, after which most held-out images were classified correctly, after one step of the gradient's sign if training is adversarial; epochs after which the network has overfit catastrophically come last; the first of equals",
    ),
    test: testOutcome.describe("Test images, by the weights after it"),
    weightsSha256: sha256.describe("SHA-256 of the weights after it"),
  }).optional().describe(
    "The best epoch; absent if no images are held out, or training diverged",
  ),
  averaged: z.strictObject({
    test: testOutcome.describe("Test images"),
    weightsSha256: sha256.describe(
      "SHA-256 of the averages, in the form of weightsSha256",
    ),
  }).optional().describe(
    "The moving average of the weights; absent if the study does not request it, or training diverged",
  ),
});

const ms = z.number().min(0);

/**
 * The times of a cell; not part of any digest.
 *
 * @internal
 */
export const timingSchema = z.strictObject({
  epochs: z.array(z.strictObject({
    dataMs: ms.describe("Time for reading and augmenting images"),
    attackMs: ms.describe("Time for attacks of adversarial training"),
    updateMs: ms.describe("Time for gradients and updates of the weights"),
    totalMs: ms.describe("Time for the whole epoch"),
  })).describe("Each epoch of training"),
  trainMs: ms.describe("Time for training"),
  evaluateMs: ms.describe("Time for the evaluation"),
  startedAt: z.iso.datetime().describe("When the cell was started, in UTC"),
});
