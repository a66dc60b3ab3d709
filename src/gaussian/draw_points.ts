import { openStream } from "../core/stream.ts";

/** The two classes. */
export type Label = -1 | 1;

/** Both classes, in the order of every pair of counts. */
export const labels: readonly [Label, Label] = [-1, 1];

/** A point of the plane and its class. */
export interface LabelledPoint {
  /** Where it is. */
  readonly at: readonly [x: number, y: number];
  /** Its class. */
  readonly label: Label;
}

/** What a draw of points is for; each has its own stream. */
export type PointRole = "train" | "held-out" | "fresh" | "fresh-biased";

/** Covariance of the two coordinates, whose variances are 1. */
const COVARIANCE = 0.5;

/** Coordinates of the mean of each class. */
const MEAN = { [-1]: 0, [1]: 1 };

/**
 * Draws an endless sequence of points of one class: normal with mean (0, 0) for class -1
 * and (1, 1) for class +1, and covariance [[1, .5], [.5, 1]]. The normal numbers
 * are Box and Muller's (1958, Ann. Math. Stat. 29), two for each point, and the
 * correlation comes from the Cholesky factor of the covariance.
 */
export function* drawPoints(
  seed: number,
  role: PointRole,
  label: Label,
): Generator<LabelledPoint, never> {
  const stream = openStream(seed, "gaussian", role, label);
  while (true) {
    // 1 - u, because the logarithm of 0 is not finite.
    const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()));
    const angle = 2 * Math.PI * stream.uniform();
    const [first, second] = [
      radius * Math.cos(angle),
      radius * Math.sin(angle),
    ];
    const mean = MEAN[label];
    const x = mean + first;
    const y = mean + COVARIANCE * first +
      Math.sqrt(1 - COVARIANCE ** 2) * second;
    yield { at: [x, y], label };
  }
}

/**
 * Draws a set of points, class -1 first.
 *
 * @param perClass Points per class; each class of a larger set begins with the
 * points of a smaller one.
 */
export function drawSet(
  seed: number,
  role: PointRole,
  perClass: number,
): LabelledPoint[] {
  return labels.flatMap((label) => {
    const points = drawPoints(seed, role, label);
    return Array.from({ length: perClass }, () => points.next().value);
  });
}
