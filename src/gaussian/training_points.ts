import {
  drawCopies,
  drawFresh,
  type GaussianPolicy,
  type GaussianStandIn,
} from "./draw_copies.ts";
import { drawSet, type LabelledPoint } from "./draw_points.ts";
import type { GaussianStudy } from "./gaussian_study.ts";

/** Which points a machine is trained on. */
export interface GaussianCell {
  /** Seed of points and copies. */
  seed: number;
  /** Which points are copied. */
  policy: GaussianPolicy;
  /** What is added. */
  standIn: GaussianStandIn;
  /** How many points are added. */
  copies: number;
}

/** Points a machine is trained on. */
export interface TrainingPoints {
  /** Original points, class -1 first. */
  original: LabelledPoint[];
  /** Copies of them, or fresh points in their place. */
  added: LabelledPoint[];
}

/**
 * Draws what one machine is trained on. The original points depend only on the
 * seed, so that every policy and number of copies starts from the same points.
 */
export function drawTrainingPoints(
  { points, positiveShare }: GaussianStudy,
  { seed, policy, standIn, copies }: GaussianCell,
): TrainingPoints {
  const original = drawSet(seed, "train", points);
  const duplicates = drawCopies(original, copies, {
    seed,
    policy,
    positiveShare,
  }).map((row) => original[row]!);
  const added = standIn === "copies"
    ? duplicates
    : drawFresh(duplicates.map(({ label }) => label), { seed, policy });
  return { original, added };
}
