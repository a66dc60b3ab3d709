import { z } from "zod";

export type {
  DuplicationRecord,
  Flag,
  Outcome,
  Timing,
} from "./result_set_types.ts";

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Which test images are classified correctly.
 *
 * @internal
 */
export const scoreSchema = z.strictObject({
  correct: count.describe("Images classified correctly"),
  correctPerClass: z.array(count).describe("The same, by true class"),
  bits: z.string().regex(/^[0-9a-f]*$/).describe(
    "Per image, correct or not: image 0 is the highest bit of the first hexadecimal digit",
  ),
});

/**
 * Which test images are classified correctly under an attack.
 *
 * @internal
 */
export const attackScoreSchema = z.strictObject({
  ...scoreSchema.shape,
  maxPerturbation: z.number().describe("Largest change of any pixel"),
});

const correctCount = z.strictObject({ rows: count, correct: count });

/**
 * What was added to the training set of a cell.
 *
 * @internal
 */
export const duplicationRecordSchema = z.strictObject({
  originals: count.describe("Original images that are trained on"),
  copies: count.describe("Duplicates, or what stands in for them"),
  copiesPerClass: z.array(count),
  distinctCopied: count.describe("Originals that have at least one copy"),
  planSha256: sha256.describe("SHA-256 of the plan's index lists"),
  copiesSha256: sha256.optional().describe(
    "SHA-256 of the pixels of near duplicates; absent where copies are exact",
  ),
  removed: z.strictObject({
    originals: count.describe("Original images found to be duplicates"),
    copies: count.describe("Copies found to be duplicates"),
    slotsSha256: sha256.describe(
      "SHA-256 of the slots that stay: 32-bit indices into originals, then copies",
    ),
  }).optional().describe(
    "What was removed again before training; absent where nothing was looked for",
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
] as const;

/**
 * What a cell came to. Every field is reproducible: what the clock or the
 * machine decides stands under `timing` and `provenance`. Counts are stored,
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
      "Test images classified correctly after it, clean; absent where it was not asked",
    ),
  })),
  divergedAtEpoch: count.nullable().describe(
    "Epoch whose loss was not finite, from 0; such a cell is not evaluated",
  ),
  test: z.strictObject({
    rows: count,
    rowsPerClass: z.array(count),
    clean: scoreSchema,
    byAttack: z.record(z.string(), attackScoreSchema),
    worstCase: scoreSchema.optional().describe(
      "Images classified correctly, clean and under every attack",
    ),
  }).nullable(),
  train: z.strictObject({
    unique: correctCount.describe(
      "Clean accuracy on the original images trained on, each counted once",
    ),
    copies: correctCount.describe(
      "Clean accuracy on the duplicates, each copy counted",
    ),
  }).nullable(),
  flags: z.array(z.strictObject({
    flag: z.enum(flagNames),
    where: z.string().describe("Attack or epoch that raised it"),
    value: z.number().nullable(),
  })),
  weightsSha256: sha256.describe(
    "SHA-256 of the final weights, float32, in PyTorch's order and layout",
  ),
});

const ms = z.number().min(0);

/**
 * What the clock said of a cell; no part of any digest.
 *
 * @internal
 */
export const timingSchema = z.strictObject({
  epochs: z.array(
    z.strictObject({ dataMs: ms, attackMs: ms, updateMs: ms, totalMs: ms }),
  ),
  trainMs: ms,
  evaluateMs: ms,
  startedAt: z.iso.datetime(),
});
