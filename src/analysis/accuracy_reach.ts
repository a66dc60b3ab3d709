import type { Arm, ArmRuns } from "./seed_curves.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";

/** How long the cells of one arm took to an accuracy, at one ratio. */
export interface AccuracyReach {
  /** Which runs. */
  arm: Arm;
  /** Duplicates per original image. */
  ratio: number;
  /** The accuracy, a fraction; the mean over seeds where each has its own. */
  accuracy: number;
  /** Cells with counts between epochs, one a seed. */
  cells: number;
  /** Those of them that never got there. */
  unreached: number;
  /** Seeds that have this ratio and get there at all their ratios. */
  seeds: number;
  /** Mean epochs until there, over those seeds; `null` where there is none. */
  epochs: number | null;
  /** Mean milliseconds; `null` also where a cell had but one epoch. */
  ms: number | null;
}

/**
 * How an arm's cells stand to an accuracy, ratio by ratio. A seed of which one
 * cell never gets there would pair a time with none, so it is left out of all
 * times, and counted.
 *
 * @param asked Accuracy, in `(0, 1]`; none: for each seed the highest that all
 * its ratios reach.
 * @returns None for an arm without counts.
 */
export function accuracyReach(
  { arm, seeds }: ArmRuns,
  asked?: number,
): AccuracyReach[] {
  const cells = [...seeds.values()].flatMap((byRatio) => {
    const times = timesToAccuracy([...byRatio.values()], asked);
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
