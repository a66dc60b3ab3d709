import { z } from "zod";
import { validateInput } from "../spec/validate_input.ts";
import gaussian from "./gaussian.json" with { type: "json" };
import type { GaussianStudy } from "./gaussian_types.ts";

export type { GaussianStudy };

const count = z.int().min(1).max(100_000);

/** Most machines of a study: as many entries as a list may have that is read. */
const MOST_RUNS = 100_000;

/** Numbers of copies, ascending from 0. */
const levels = z.array(z.int().min(0).max(100_000)).min(2).max(100).refine(
  (list) => list[0] === 0 && list.every((n, i) => i === 0 || n > list[i - 1]!),
  "must be ascending counts from 0",
);

/**
 * The toy experiment of the paper, every field of which is a flag of `gaussian`.
 * What is not here is fixed: means (0, 0) of class -1 and (1, 1) of class +1,
 * shared covariance [[1, .5], [.5, 1]].
 *
 * @internal
 */
export const gaussianStudySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, {
    error: "must be lower-case letters, digits, dots, dashes or underscores",
  }).default(gaussian.name).describe("Name of the study, and of its files"),
  description: z.string().max(2000).default(gaussian.description).describe(
    "What the study asks",
  ),
  points: count.default(gaussian.points).describe("Training points per class"),
  heldOut: count.default(gaussian.heldOut).describe(
    "Held-out points per class",
  ),
  balanced: levels.default(gaussian.balanced).describe(
    "Numbers of uniform copies, each point being equally likely",
  ),
  biased: levels.default(gaussian.biased).describe(
    "Numbers of class-biased copies, more of class +1",
  ),
  positiveShare: z.number().gt(0).lt(1).default(gaussian.positiveShare)
    .describe("Probability that a class-biased copy is of class +1"),
  gamma: z.number().gt(0).default(gaussian.gamma).describe(
    "Gamma of the kernel exp(-gamma |x - y|^2)",
  ),
  cost: z.number().gt(0).default(gaussian.cost).describe(
    "C, the largest weight of a training point",
  ),
  seeds: z.array(z.int().min(0)).min(1).max(1000).refine(
    (list) => new Set(list).size === list.length,
    "must not contain a value twice",
  ).default(gaussian.seeds).describe("Seeds; each draws its own points"),
}).superRefine(({ seeds, balanced, biased }, context) => {
  // Copies, and fresh points in their place, of each number above 0.
  const runs = seeds.length *
    (1 + 2 * (balanced.length - 1) + 2 * (biased.length - 1));
  if (runs <= MOST_RUNS) return;
  context.addIssue({
    code: "custom",
    path: ["seeds"],
    message: `must leave at most ${MOST_RUNS} machines`,
    input: runs,
  });
});

/**
 * Checks a toy experiment and fills in its defaults.
 *
 * @param input A `GaussianStudyInput`; `{}` is the published study.
 * @throws {UsageError} Naming the first field that is unknown or whose value is
 * not allowed, and the value.
 */
export function parseGaussianStudy(input: unknown): GaussianStudy {
  return validateInput(gaussianStudySchema, input, "The toy experiment");
}
