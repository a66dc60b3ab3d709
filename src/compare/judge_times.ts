import { UsageError } from "../core/errors.ts";
import type { ComparedBench, ComparedCell, Comparison } from "./comparison.ts";
import type { RatioEstimate } from "./ratio_estimate.ts";

/** Something whose time was judged. */
export interface JudgedTime {
  /** The work in words. */
  label: string;
  /** The file that is compared with the first. */
  file: string;
  /** How many times as long it took. */
  time: RatioEstimate;
}

/** What a regression gate found. */
export interface Judgement {
  /** Largest ratio that passes. */
  failAbove: number;
  /** What is slower than that. */
  slower: JudgedTime[];
  /** Ratios above the limit that noise may have put there. */
  unclear: JudgedTime[];
}

/**
 * Judges the ratio of every cell or bench by itself, as a mean would hide that
 * one became slow, and then that of each file as a whole, where a change too
 * small for one shows in all. A ratio fails if its interval lies above the
 * limit: slower by more than that, beyond the noise of the epochs.
 *
 * What is slower by the limit exactly then fails in at most one case of forty,
 * half of what an interval of 95 % misses, and what is as fast as before in far
 * fewer. Where there is no interval, the ratio alone decides for cells and for
 * files, and for benches all three ratios, of average, minimum and p75, must be
 * above the limit. Noise from run to run, such as another load of the machine, is
 * in no interval; the limit must leave room for it.
 *
 * @param failAbove Largest ratio that passes, such as 1.1.
 * @throws {UsageError} If something has no ratio, so that nothing can be said.
 */
export function judgeTimes(
  { rows, overall }: Comparison,
  failAbove: number,
): Judgement {
  const judgement: Judgement = { failAbove, slower: [], unclear: [] };
  const judge = (judged: JudgedTime, least: number) => {
    if (least > failAbove) judgement.slower.push(judged);
    else if (judged.time.ratio > failAbove) judgement.unclear.push(judged);
  };
  for (const row of rows) {
    const { label, file, time } = row;
    if (time === null) {
      throw new UsageError(
        `Cannot judge "${label}" in "${file}" as it must have two epochs or more: the first compiles`,
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

/** The smallest ratio that is plausible. */
function leastRatio(
  row: ComparedCell | ComparedBench,
  { ratio, interval }: RatioEstimate,
): number {
  return "ratios" in row
    ? Math.min(...Object.values(row.ratios))
    : interval?.low ?? ratio;
}
