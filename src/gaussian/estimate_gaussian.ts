import type { GaussianStudy } from "./gaussian_study.ts";

/** Iterations after which LIBSVM stops, whatever it has reached. */
const MOST_ITERATIONS = 1e7;

/** Seconds that one iteration takes per training point, cautiously. */
const PER_POINT = 5e-9;

/** Seconds per pair of a support vector and a point to classify. */
const PER_PAIR = 2e-8;

/**
 * Estimates how long the toy experiment takes, cautiously: a large cost makes LIBSVM
 * iterate longer, up to its limit.
 *
 * @returns Seconds.
 */
export function estimateGaussian(
  { points, heldOut, balanced, biased, cost, seeds }: GaussianStudy,
): number {
  // Every number of copies once more with fresh points in their place.
  const added = [0, ...balanced, ...balanced, ...biased, ...biased];
  const perSeed = added.reduce((sum, copies) => {
    const trained = 2 * points + copies;
    const iterations = Math.min(
      MOST_ITERATIONS,
      100 * trained * Math.sqrt(Math.max(1, cost)),
    );
    return sum + iterations * trained * PER_POINT +
      trained * (2 * heldOut + 2 * trained) * PER_PAIR;
  }, 0);
  return seeds.length * perSeed;
}
