import binomialCdf from "@stdlib/stats-base-dists-binomial-cdf";

/** How two classifiers of one seed differ on the same test images. */
export interface McNemarTest {
  /** Images that only the first classifies correctly. */
  onlyFirst: number;
  /** Images that only the second classifies correctly. */
  onlySecond: number;
  /** Exact two-sided p. */
  p: number;
}

/**
 * McNemar's test in its exact form (1947, Psychometrika 12; binomial with .5 on
 * the images on which the two disagree). It is about these two sets of weights
 * and says nothing of other seeds.
 *
 * @param first Whether each image was classified correctly, shape `[n]`.
 * @param second The same images, shape `[n]`.
 */
export function testMcNemar(
  first: readonly boolean[],
  second: readonly boolean[],
): McNemarTest {
  let onlyFirst = 0;
  let onlySecond = 0;
  first.forEach((right, i) => {
    if (right && !second[i]) onlyFirst++;
    if (!right && second[i]) onlySecond++;
  });
  const trials = onlyFirst + onlySecond;
  const p = trials === 0 ? 1 : Math.min(
    1,
    2 * binomialCdf(Math.min(onlyFirst, onlySecond), trials, 0.5),
  );
  return { onlyFirst, onlySecond, p };
}
