import { requireAboveZero } from "../core/require_above_zero.ts";
import { smallest } from "../core/extremes.ts";
import { UsageError } from "../core/errors.ts";
import type { ComparedBench, ComparedCell, Comparison } from "./comparison.ts";
import type { RatioEstimate } from "./ratio_estimate.ts";

/** Something whose time was judged. */
export interface JudgedTime {
  /** The work in words. */
  label: string;
  /** The file that is compared with the first. */
  file: string;
  /** Ratio of the times. */
  time: RatioEstimate;
}

/** What a gate on times found. */
export interface Judgement {
  /** Largest ratio that passes. */
  failAbove: number;
  /** What is slower than that, beyond noise. */
  slower: JudgedTime[];
  /** Ratios above the limit that may be due to noise. */
  unclear: JudgedTime[];
}

/**
 * Judges the ratio of every cell or bench by itself, as a mean would hide a single
 * slow one, and then that of each file as a whole, where a change that is too
 * small to show in one piece of work shows in all. A ratio fails if its interval
 * lies above the limit.
 *
 * A true ratio equal to the limit fails in at most one case of forty, half of
 * what a 95 % interval misses; a true ratio of 1 fails far less often. Where there
 * is no interval, the ratio itself decides for cells and files, and for benches
 * all three ratios, of average, minimum and p75, must be above the limit. Noise
 * between runs, such as another load of the machine, is not in any interval; the
 * limit must leave room for it.
 *
 * @param failAbove Largest ratio that passes, such as 1.1.
 * @throws {RangeError} If that is not a number above 0.
 * @throws {UsageError} If a row has no ratio.
 */
export function judgeTimes(
  { rows, overall }: Comparison,
  failAbove: number,
): Judgement {
  // Nothing is above a limit that is no number: everything would pass.
  requireAboveZero("failAbove", failAbove);
  const judgement: Judgement = { failAbove, slower: [], unclear: [] };
  const judge = (judged: JudgedTime, least: number) => {
    if (least > failAbove) judgement.slower.push(judged);
    else if (judged.time.ratio > failAbove) judgement.unclear.push(judged);
  };
  for (const row of rows) {
    const { label, file, time } = row;
    if (time === null) {
      throw new UsageError(
        `"${label}" in "${file}" needs two epochs or more to judge its time: the first compiles code and is not compared`,
      );
    }
    judge({ label, file, time }, leastRatio(row, time));
  }
  for (const { file, time } of overall) {
    if (time === null) continue;
    const label = "all together";
    judge({ label, file, time }, time.interval?.low ?? time.ratio);
  }
  return judgement;
}

/** The smallest plausible ratio. */
function leastRatio(
  row: ComparedCell | ComparedBench,
  { ratio, interval }: RatioEstimate,
): number {
  return "ratios" in row
    ? smallest(Object.values(row.ratios))
    : interval?.low ?? ratio;
}
