/** Ratio of the times of the same work in two runs. */
export interface RatioEstimate {
  /** Median of the ratios of every time to every reference time. */
  ratio: number;
  /** Ends of the interval; `null` where there are too few times for one. */
  interval: { low: number; high: number; confidence: number } | null;
}

/** Times of one piece of work in two runs, above 0, in any unit. */
export interface TimePair {
  /** At least one. */
  times: readonly number[];
  /** The times they are compared with, at least one. */
  reference: readonly number[];
}

/** Ratios above which their rank distribution is taken as normal. */
const EXACT_RATIOS = 2500;

/** Largest chance that the interval misses the true ratio. */
const MISS = 0.05;

/** Quantile of the normal distribution that leaves half of `MISS` above. */
const NORMAL_QUANTILE = 1.959963984540054;

/**
 * Estimates a ratio of times from two samples: the estimator of Hodges and
 * Lehmann (1963, Ann. Math. Stat. 34) on logarithms, with the interval that
 * inverts the rank-sum test of Mann and Whitney (Bauer 1972, JASA 67). Several
 * pieces of work are strata with one ratio in common: times are compared within
 * a piece only, and the test's statistic is the sum of theirs.
 *
 * Chosen over a bootstrap of medians and over a t interval because a single
 * disturbed epoch moves the estimate little and the interval on its own side only,
 * and because it is exact for runs of five to ten epochs, where the other two are
 * too narrow or assume a normal distribution. It assumes that the epochs of a run
 * are independent and that the two runs differ by a factor alone; it cannot see
 * changes between runs, such as the load of the machine.
 *
 * @param pairs At least one.
 * @returns An interval of at least 95 % confidence; `null` where the widest has
 * less, such as 90 % for one pair of 3 against 3 times.
 */
export function estimateRatio(pairs: readonly TimePair[]): RatioEstimate {
  const ratios = Float64Array.from(
    pairs.flatMap(({ times, reference }) =>
      times.flatMap((time) => reference.map((other) => time / other))
    ),
  ).sort();
  const { length } = ratios;
  const { rank, miss } = length > EXACT_RATIOS
    ? normalRank(pairs)
    : exactRank(pairs);
  return {
    ratio: Math.sqrt(ratios[(length - 1) >> 1]! * ratios[length >> 1]!),
    interval: rank === 0 ? null : {
      low: ratios[rank - 1]!,
      high: ratios[length - rank]!,
      confidence: 1 - miss,
    },
  };
}

/** Position of the ends of the interval, from either end of the sorted ratios, from 1. */
interface Rank {
  rank: number;
  miss: number;
}

function exactRank(pairs: readonly TimePair[]): Rank {
  const chances = pairs.map(({ times, reference }) =>
    rankSumChances(times.length, reference.length)
  ).reduce(addUp);
  let below = 0;
  let rank = 0;
  while (2 * (below + chances[rank]!) <= MISS) below += chances[rank++]!;
  return { rank, miss: 2 * below };
}

function normalRank(pairs: readonly TimePair[]): Rank {
  let mean = 0;
  let variance = 0;
  for (const { times: { length: m }, reference: { length: n } } of pairs) {
    mean += m * n / 2;
    variance += m * n * (m + n + 1) / 12;
  }
  const rank = Math.floor(mean - NORMAL_QUANTILE * Math.sqrt(variance));
  // Of thousands of times against few, it may be below the first.
  return { rank: Math.max(rank, 0), miss: MISS };
}

/** Chances of the values of a sum, from those of its two parts. */
function addUp(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length + b.length - 1);
  a.forEach((p, i) => b.forEach((q, j) => sum[i + j]! += p * q));
  return sum;
}

/**
 * Probabilities of every value of Mann and Whitney's U, by their recurrence (1947,
 * Ann. Math. Stat. 18, eq. 2), whose terms are all positive, so that nothing
 * cancels.
 *
 * @returns Shape `[m * n + 1]`.
 */
function rankSumChances(m: number, n: number): Float64Array {
  // Row `i` of the table of (i, j), for j = 0 .. n; U is 0 where i or j is.
  let row = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const chances = new Float64Array(i * j + 1);
      // The largest of all is of the first sample, and exceeds all j others.
      row[j]!.forEach((p, u) => chances[u + j]! += p * i / (i + j));
      // Or it is of the second.
      next[j - 1]!.forEach((p, u) => chances[u]! += p * j / (i + j));
      next.push(chances);
    }
    row = next;
  }
  return row[n]!;
}
