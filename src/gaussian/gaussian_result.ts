import { z } from "zod";
import { digestOf } from "../core/digest.ts";
import { gaussianPolicies, gaussianStandIns } from "./draw_copies.ts";
import { type GaussianStudy, gaussianStudySchema } from "./gaussian_study.ts";
import type { GaussianResult, GaussianRun } from "./gaussian_types.ts";

export type { GaussianResult, GaussianRun };

/** Identity of the format; the number grows when it changes. */
export const GAUSSIAN_SCHEMA_ID = "dupbench/gaussian/1";

const count = z.int().min(0);
const byClass = z.tuple([count, count]);

/**
 * One trained machine and what it has right. Every pair is of class -1 and
 * class +1; counts are stored, never rates.
 *
 * @internal
 */
export const gaussianRunSchema = z.strictObject({
  seed: count,
  policy: z.enum(["none", ...gaussianPolicies]),
  standIn: z.enum(gaussianStandIns),
  added: byClass.describe("Points added: copies, or fresh ones"),
  vectors: count.describe("Support vectors, those at one place counted once"),
  original: byClass.describe("Right among the original training points"),
  trained: byClass.describe(
    "Right among all points trained on, each copy counted, as published",
  ),
  heldOut: byClass.describe("Right among the held-out points"),
});

/**
 * The toy study and all its machines; a function of the study alone.
 *
 * @internal
 */
export const gaussianResultSchema = z.strictObject({
  schema: z.literal(GAUSSIAN_SCHEMA_ID),
  study: gaussianStudySchema,
  runs: z.array(gaussianRunSchema),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Joins study and runs, with the digest over both. */
export function joinGaussianResult(
  study: GaussianStudy,
  runs: GaussianRun[],
): GaussianResult {
  const content = { schema: GAUSSIAN_SCHEMA_ID, study, runs } as const;
  return { ...content, digest: digestOf(content) };
}
