import { openStream } from "../core/stream.ts";
import {
  drawPoints,
  type Label,
  type LabelledPoint,
  labels,
} from "./draw_points.ts";
import { namesOf } from "../spec/term.ts";
import { gaussianPolicyTerms, gaussianStandInTerms } from "./gaussian_terms.ts";
import type { GaussianPolicy, GaussianStandIn } from "./gaussian_types.ts";

export type { GaussianPolicy, GaussianStandIn };

/** Names of the policies: which points are copied. */
export const gaussianPolicies: readonly [GaussianPolicy, ...GaussianPolicy[]] =
  namesOf(gaussianPolicyTerms);

/** Names of what is added: copies, or fresh points in their place. */
export const gaussianStandIns: readonly [
  GaussianStandIn,
  ...GaussianStandIn[],
] = namesOf(gaussianStandInTerms);

/** How copies are drawn. */
export interface CopyOptions {
  /** Seed of the draw. */
  seed: number;
  /** Which points are copied. */
  policy: GaussianPolicy;
  /** Probability that a biased copy is of class +1. */
  positiveShare: number;
}

/**
 * Draws copies with replacement, as published: every point is equally likely, or
 * first the class is drawn and then a point of it. Draws nest: a smaller number
 * of copies is the beginning of a larger one.
 *
 * @param points The training points, some of each class.
 * @returns Indices of the points to repeat, shape `[copies]`.
 */
export function drawCopies(
  points: readonly LabelledPoint[],
  copies: number,
  { seed, policy, positiveShare }: CopyOptions,
): number[] {
  const rows = labels.map((label) =>
    points.flatMap((point, row) => point.label === label ? [row] : [])
  );
  const stream = openStream(seed, "gaussian", "copies", policy);
  return Array.from({ length: copies }, () => {
    if (policy === "balanced") return stream.below(points.length);
    const of = rows[stream.uniform() < positiveShare ? 1 : 0]!;
    return of[stream.below(of.length)]!;
  });
}

/**
 * Draws fresh points of the same classes as the copies: the control with the
 * same number and class balance, but without repetition.
 *
 * @param classes Class of each point, in order.
 */
export function drawFresh(
  classes: readonly Label[],
  { seed, policy }: Pick<CopyOptions, "seed" | "policy">,
): LabelledPoint[] {
  // Each policy draws its own fresh points, as it draws its own copies.
  const role = policy === "balanced" ? "fresh" : "fresh-biased";
  const source = {
    [-1]: drawPoints(seed, role, -1),
    [1]: drawPoints(seed, role, 1),
  };
  return classes.map((label) => source[label].next().value);
}
