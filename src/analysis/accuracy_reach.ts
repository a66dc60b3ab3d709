import type { Arm } from "./arm.ts";
import type { ArmRuns } from "./group_arms.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";

/** How long the cells of one arm took to reach an accuracy, at one ratio. */
export interface AccuracyReach {
  /** The runs. */
  arm: Arm;
  /** Copies per original image. */
  ratio: number;
  /** The accuracy, a fraction; the mean over seeds where each has its own. */
  accuracy: number;
  /** Cells with counts between epochs, one per seed. */
  cells: number;
  /** Those of them that never reach it. */
  unreached: number;
  /** Seeds that have this ratio and reach it at all their ratios. */
  seeds: number;
  /** Mean epochs until then, over those seeds; `null` where there is none. */
  epochs: number | null;
  /** Mean milliseconds; `null` also where a cell had only one epoch. */
  ms: number | null;
}

/**
 * When an arm's cells reach an accuracy, ratio by ratio. A seed of which one cell
 * never reaches it has no time to pair, so it is left out of all times, and
 * counted.
 *
 * @param target Accuracy, in `(0, 1]`; absent: for each seed the highest that all
 * its ratios reach.
 * @returns Empty for an arm without counts.
 */
export function accuracyReach(
  { arm, seeds }: ArmRuns,
  target?: number,
): AccuracyReach[] {
  const cells = [...seeds.values()].flatMap((byRatio) => {
    const times = timesToAccuracy([...byRatio.values()], target);
    if (times === null) return [];
    const { accuracy, epochs, ms } = times;
    const isPaired = epochs.every((count) => count !== null);
    return [...byRatio.keys()].map((ratio, i) => ({
      ratio,
      accuracy,
      isPaired,
      epochs: epochs[i]!,
      ms: ms[i]!,
    }));
  });
  const ratios = [...new Set(cells.map(({ ratio }) => ratio))]
    .sort((a, b) => a - b);
  return ratios.map((ratio) => {
    const here = cells.filter((cell) => cell.ratio === ratio);
    const paired = here.filter(({ isPaired }) => isPaired);
    return {
      arm,
      ratio,
      accuracy: meanOf(here.map(({ accuracy }) => accuracy))!,
      cells: here.length,
      unreached: here.filter(({ epochs }) => epochs === null).length,
      seeds: paired.length,
      epochs: meanOf(paired.map(({ epochs }) => epochs)),
      ms: meanOf(paired.map(({ ms }) => ms)),
    };
  });
}

function meanOf(values: readonly (number | null)[]): number | null {
  if (values.length === 0 || values.includes(null)) return null;
  return values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
}
