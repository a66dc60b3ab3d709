import { UsageError } from "../core/errors.ts";
import type { ComparedTime, Comparison } from "./comparison.ts";

/** What a regression gate found. */
export interface Judgement {
  /** Largest ratio that passes. */
  failAbove: number;
  /** What is slower than that. */
  slower: ComparedTime[];
  /** Ratios above the limit whose interval holds 1: noise can explain them. */
  unclear: ComparedTime[];
}

/**
 * Judges every ratio by itself: a mean over cells would hide that one became
 * slow. A ratio fails if it is above the limit and, where it has an interval,
 * the interval lies above 1: so slow, and slower beyond the noise. Without
 * interval (bench files, short runs) the ratio alone decides.
 *
 * A ratio of two equally fast runs then fails in at most one case of forty, half
 * of what the interval of 95 % misses, and where epochs spread by less than the
 * limit in hardly any. There is no correction for the number of ratios: with
 * five epochs a run it would need more evidence than they can give, and a gate
 * that cannot fail is none. Noise from run to run, such as another load of the
 * machine, is in no interval; the limit must leave room for it.
 *
 * @param failAbove Largest ratio that passes, such as 1.1.
 * @throws {UsageError} If something has no ratio, so that nothing can be said.
 */
export function judgeTimes(
  { rows }: Comparison,
  failAbove: number,
): Judgement {
  const judgement: Judgement = { failAbove, slower: [], unclear: [] };
  for (const row of rows) {
    const { time, label, file } = row;
    if (time === null) {
      throw new UsageError(
        `Cannot judge "${label}" in "${file}" as it must have two epochs or more: the first compiles`,
      );
    }
    if (!(time.ratio > failAbove)) continue;
    const isCertain = time.interval === null || time.interval.low > 1;
    judgement[isCertain ? "slower" : "unclear"].push(row);
  }
  return judgement;
}
