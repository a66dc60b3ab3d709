import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { ZeroTest } from "./effect.ts";

/** What a study would need to find an effect of a given size. */
export interface Needs {
  /** Seeds. */
  readonly seeds: number;
  /** Test images; as many as there are, unless these are too few for any seeds. */
  readonly images: number;
}

/** Power and confidence of `testMean` and `testCrossed`. */
const POWER = 0.8;
const CONFIDENCE = 0.95;

/** Seeds beyond which more test images are the better way. */
const MOST_SEEDS = 1000;

/**
 * The number of seeds with which an effect of a given size would be found with power
 * .8, if spreads are as estimated here: the smallest n for which both the t test over
 * seeds and the test over seeds and test images detect it. With n seeds the variance
 * of the mean is s n0 / n + f, where s is the variance over seeds alone with the n0
 * seeds of this study and f is what test images add, which more seeds do not reduce;
 * its degrees of freedom are Satterthwaite's, those of f being many.
 *
 * Where f alone hides the effect, test images are needed also: so many that f is half
 * of the variance that is allowed.
 *
 * @param effect Above 0, in points.
 * @returns `null` for fewer than 2 seeds, or where the runs do not differ at all.
 */
export function seedsNeeded(
  { test, crossed }: ZeroTest,
  effect: number,
): Needs | null {
  if (test.n < 2) return null;
  const ofSeeds = test.sd ** 2 / test.n;
  const floor = crossed === null
    ? 0
    : Math.max(0, crossed.error ** 2 - ofSeeds);
  if (ofSeeds + floor === 0) return null;
  const images = crossed?.images ?? 0;
  const seeds = search(floor);
  if (seeds !== undefined) return { seeds, images };
  const allowed = (effect / factorOf(Infinity)) ** 2;
  const more = Math.ceil(images * floor / (allowed / 2));
  return { seeds: search(allowed / 2) ?? MOST_SEEDS, images: more };

  /** The fewest seeds with this much of the variance from test images. */
  function search(ofImages: number): number | undefined {
    for (let n = 2; n <= MOST_SEEDS; n++) {
      const own = ofSeeds * test.n / n;
      const all = own + ofImages;
      const df = own === 0 ? Infinity : all ** 2 / (own ** 2 / (n - 1));
      const reached = Math.max(
        factorOf(n - 1) * Math.sqrt(own),
        factorOf(df) * Math.sqrt(all),
      );
      if (reached <= effect) return n;
    }
    return undefined;
  }
}

/** What a standard error is multiplied by for the effect that is detected. */
function factorOf(df: number): number {
  // Beyond this the distribution is normal to more digits than matter.
  const freedom = Math.min(df, 1e6);
  return tQuantile((1 + CONFIDENCE) / 2, freedom) + tQuantile(POWER, freedom);
}
