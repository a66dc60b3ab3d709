import { openStream } from "../core/stream.ts";
import {
  drawPoints,
  type Label,
  type LabelledPoint,
  labels,
} from "./draw_points.ts";
import type { GaussianPolicy } from "./gaussian_types.ts";

export type { GaussianPolicy };
export type { GaussianStandIn } from "./gaussian_types.ts";

/** Which points are duplicated. */
export const gaussianPolicies = ["balanced", "biased"] as const;

/** What is added to the training points: copies, or fresh points in their place. */
export const gaussianStandIns = ["copies", "fresh"] as const;

/** How duplicates are drawn. */
export interface CopyOptions {
  /** Seed of the draw. */
  seed: number;
  /** Which points are duplicated. */
  policy: GaussianPolicy;
  /** Chance that a biased duplicate is of class +1. */
  positiveShare: number;
}

/**
 * Draws duplicates with replacement, as published: of any point alike, or
 * first the class and then any point of it. Draws nest: fewer of them are the
 * first ones of more.
 *
 * @param points The training points; both classes must be among them.
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
 * Draws fresh points of the classes that the duplicates have: the control that
 * has their class mix and number, and no repetition.
 *
 * @param classes Class of each, in order.
 */
export function drawFresh(
  classes: readonly Label[],
  { seed, policy }: Pick<CopyOptions, "seed" | "policy">,
): LabelledPoint[] {
  // Each policy has its seeds' own fresh points, as it has its own copies.
  const role = policy === "balanced" ? "fresh" : "fresh-biased";
  const source = {
    [-1]: drawPoints(seed, role, -1),
    [1]: drawPoints(seed, role, 1),
  };
  return classes.map((label) => source[label].next().value);
}
