import { largest } from "../core/extremes.ts";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";

/** Student's t test of a mean against 0, one value per seed. */
export interface MeanTest {
  /** Number of values, one per seed. */
  n: number;
  /** Their mean, in their unit. */
  mean: number;
  /** Standard deviation, with n - 1. */
  sd: number;
  /** Ends of the 95 % confidence interval; `null` for fewer than 2 values. */
  interval: [low: number, high: number] | null;
  /** Two-sided p; `null` where there is no interval. */
  p: number | null;
  /** Effect size d_z, mean over standard deviation; `null` where that is 0. */
  effect: number | null;
  /** Smallest mean that n values of this standard deviation detect with power .8. */
  detectable: number | null;
}

const CONFIDENCE = 0.95;
const POWER = 0.8;

/** Deviation, as a share of the largest value, that is due to rounding alone. */
const ROUNDING = 1e-12;

/**
 * Tests paired differences or slopes, one per seed, against 0.
 *
 * The detectable effect is `(t_.975 + t_.8) sd / sqrt(n)` at n - 1 degrees of
 * freedom, the usual approximation of the noncentral t (Cohen 1988, ch. 2).
 *
 * @param values At least one, finite.
 */
export function testMean(values: readonly number[]): MeanTest {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  const most = largest(values.map(Math.abs));
  const sd = deviation <= ROUNDING * most ? 0 : deviation;
  const empty = { interval: null, p: null, effect: null, detectable: null };
  if (n < 2) return { n, mean, sd, ...empty };
  const error = sd / Math.sqrt(n);
  const reach = tQuantile((1 + CONFIDENCE) / 2, n - 1);
  return {
    n,
    mean,
    sd,
    interval: [mean - reach * error, mean + reach * error],
    p: twoSided(mean, error, n),
    effect: sd > 0 ? mean / sd : null,
    detectable: (reach + tQuantile(POWER, n - 1)) * error,
  };
}

function twoSided(mean: number, error: number, n: number): number {
  // Equal values differ from 0 with certainty, or not at all.
  if (error === 0) return mean === 0 ? 1 : 0;
  return 2 * tCdf(-Math.abs(mean) / error, n - 1);
}

/** A mean with its standard error. */
export interface MeanError {
  /** The mean. */
  readonly mean: number;
  /** Its standard error. */
  readonly error: number;
  /** Degrees of freedom of the error. */
  readonly df: number;
}

/** The mean of a test over seeds with its standard error. */
export function seedError({ n, mean, sd }: MeanTest): MeanError {
  return { mean, error: sd / Math.sqrt(n), df: n - 1 };
}

/** One-sided p of the test that a mean is below a limit. */
export function testBelow(
  { mean, error, df }: MeanError,
  limit: number,
): number {
  if (error === 0) return mean < limit ? 0 : 1;
  return tCdf((mean - limit) / error, df);
}

/** The larger p of two one-sided tests that a mean is within a margin. */
export function testWithin(
  { mean, error, df }: MeanError,
  margin: number,
): number {
  return Math.max(
    testBelow({ mean, error, df }, margin),
    testBelow({ mean: -mean, error, df }, margin),
  );
}

/**
 * Two one-sided tests of equivalence (Schuirmann 1987, J. Pharmacokinet.
 * Biopharm. 15): whether the mean is within the margin on both sides.
 *
 * @param margin Above 0, in the unit of the values.
 * @returns The larger of the two p; equivalent at .05 where it is below that.
 * `null` for fewer than 2 values.
 */
export function testEquivalence(
  values: readonly number[],
  margin: number,
): number | null {
  const test = testMean(values);
  return test.p === null ? null : testWithin(seedError(test), margin);
}
