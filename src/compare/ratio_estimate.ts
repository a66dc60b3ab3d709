/** How many times as long one thing took as another. */
export interface RatioEstimate {
  /** Median of the ratios of every time to every reference time. */
  ratio: number;
  /** Ends of the interval; `null` where the times are too few for one. */
  interval: { low: number; high: number; confidence: number } | null;
}

/** Pairs above which the rank distribution is taken as normal. */
const EXACT_PAIRS = 2500;

/** Wanted chance that the interval misses the true ratio. */
const MISS = 0.05;

/** Quantile of the normal distribution that leaves half of `MISS` above. */
const NORMAL_QUANTILE = 1.959963984540054;

/**
 * Estimates a ratio of times from two samples: the estimator of Hodges and
 * Lehmann (1963, Ann. Math. Stat. 34) on logarithms, with the interval that
 * inverts the rank-sum test of Mann and Whitney (Bauer 1972, JASA 67).
 *
 * Chosen over a bootstrap of medians and over a t interval because an epoch that
 * the machine disturbed moves the estimate little and the interval on its own
 * side only, and because it is exact for the five to ten epochs that runs have,
 * where both others are too narrow or lean on a normal distribution. It assumes
 * that the epochs of a run are independent and that the two runs differ by a
 * factor alone; what changes from run to run, such as the machine's load, it
 * cannot see.
 *
 * @param times Above 0, any unit; at least one.
 * @param reference The same of what it is compared with.
 * @returns The interval of at least 95 % confidence; `null` for 3 against 3
 * times or fewer, of which the widest interval has 90 %.
 */
export function estimateRatio(
  times: readonly number[],
  reference: readonly number[],
): RatioEstimate {
  const ratios = Float64Array.from(
    times.flatMap((time) => reference.map((other) => time / other)),
  ).sort();
  const pairs = ratios.length;
  const { rank, miss } = pairs > EXACT_PAIRS
    ? normalRank(times.length, reference.length)
    : exactRank(times.length, reference.length);
  return {
    ratio: Math.sqrt(
      ratios[(pairs - 1) >> 1]! * ratios[pairs >> 1]!,
    ),
    interval: rank === 0 ? null : {
      low: ratios[rank - 1]!,
      high: ratios[pairs - rank]!,
      confidence: 1 - miss,
    },
  };
}

/** How far from either end of the sorted pairs the interval ends, from 1. */
interface Rank {
  rank: number;
  miss: number;
}

function exactRank(m: number, n: number): Rank {
  const chances = rankSumChances(m, n);
  let below = 0;
  let rank = 0;
  while (2 * (below + chances[rank]!) <= MISS) below += chances[rank++]!;
  return { rank, miss: 2 * below };
}

function normalRank(m: number, n: number): Rank {
  const spread = Math.sqrt(m * n * (m + n + 1) / 12);
  const rank = Math.floor(m * n / 2 - NORMAL_QUANTILE * spread);
  return rank > 0 ? { rank, miss: MISS } : { rank: 0, miss: 0 };
}

/**
 * Chances of every value of Mann and Whitney's U, by their recurrence (1947,
 * Ann. Math. Stat. 18, eq. 2) on probabilities, which are all positive, so that
 * nothing cancels.
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
