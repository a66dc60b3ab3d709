import { z } from "zod";
import { digestOf } from "../core/digest.ts";
import { gaussianPolicies, gaussianStandIns } from "./draw_copies.ts";
import { type GaussianStudy, gaussianStudySchema } from "./gaussian_study.ts";
import type { GaussianResult, GaussianRun } from "./gaussian_types.ts";

export type { GaussianResult, GaussianRun };

/** Identity of the format; the number grows when it changes. */
export const GAUSSIAN_SCHEMA_ID = "dupbench/gaussian/2";

/**
 * What digests are over besides study and runs. Since version 1 only the summary
 * has changed, so that equal runs have equal digests in both versions.
 */
const DIGEST_ID = "dupbench/gaussian/1";

const count = z.int().min(0);
const byClass = z.tuple([count, count]);

/**
 * One trained machine and what it classifies correctly. Every pair is of class -1 and
 * class +1; counts are stored, never rates.
 *
 * @internal
 */
export const gaussianRunSchema = z.strictObject({
  seed: count.describe("Seed of its points"),
  policy: z.enum(["none", ...gaussianPolicies]).describe(
    "Which points were copied",
  ),
  standIn: z.enum(gaussianStandIns).describe("What was added"),
  added: byClass.describe("Points added: copies, or fresh ones"),
  vectors: count.describe(
    "Support vectors; several at the same place count once",
  ),
  original: byClass.describe("Correct among the original training points"),
  trained: byClass.describe(
    "Correct among all points trained on, each copy counted, as published",
  ),
  heldOut: byClass.describe("Correct among the held-out points"),
});

/**
 * The toy experiment and all its machines; a function of the study alone.
 *
 * @internal
 */
export const gaussianResultSchema = z.strictObject({
  schema: z.literal(GAUSSIAN_SCHEMA_ID).describe("Format and its version"),
  study: gaussianStudySchema.describe("The study, every default filled in"),
  runs: z.array(gaussianRunSchema).describe("Every machine"),
  digest: z.string().regex(/^[0-9a-f]{64}$/).describe(
    "SHA-256 of study and runs",
  ),
});

/** Joins study and runs, and adds the digest over both. */
export function joinGaussianResult(
  study: GaussianStudy,
  runs: GaussianRun[],
): GaussianResult {
  const digest = digestOf({ schema: DIGEST_ID, study, runs });
  return { schema: GAUSSIAN_SCHEMA_ID, study, runs, digest };
}
