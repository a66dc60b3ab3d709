import { largest, smallest } from "../core/extremes.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { warmEpochMs } from "./metric.ts";

/** How long cells took to reach an accuracy. */
export interface AccuracyTimes {
  /** The accuracy, a fraction of the test images. */
  accuracy: number;
  /** Epochs until it is reached, one per cell; `null` where it never is. */
  epochs: (number | null)[];
  /** Images trained on by then, each as often as it was. */
  images: (number | null)[];
  /** Epochs in milliseconds; `null` also where no epoch's time is known. */
  ms: (number | null)[];
}

/**
 * Time until a cell first classifies a given share of the test images correctly,
 * by the counts that were made between its epochs: the target, or the highest
 * accuracy that all these cells reach, so that none is left out. Between two
 * counts accuracy is interpolated linearly; before the first count nothing is
 * known, so a cell that reaches the target by then took as long as to that
 * count. The time of counting is not included.
 *
 * @param cells Those of one seed, at all its ratios.
 * @param target In `(0, 1]`; absent: the highest that all reach.
 * @returns Epochs, and these times the median time per epoch; `null` where a
 * cell has no counts.
 */
export function timesToAccuracy(
  cells: readonly FinishedCell[],
  target?: number,
): AccuracyTimes | null {
  const counts = cells.map(countsOf);
  const reached = highestReached(counts);
  if (reached === null) return null;
  const accuracy = target ?? reached;
  const epochs = counts.map((of) => epochsTo(accuracy, of));
  return {
    accuracy,
    epochs,
    images: epochs.map((count, i) =>
      count === null ? null : imagesIn(cells[i]!, count)
    ),
    ms: epochs.map((count, i) => {
      const ms = warmEpochMs(cells[i]!.timing);
      return count === null || ms === null ? null : count * ms;
    }),
  };
}

/**
 * The highest accuracy that all cells reach. Cells of several arms can be compared
 * only up to the same accuracy, and each arm by itself may reach a different one.
 *
 * @returns A fraction of the test images; `null` where a cell has no counts.
 */
export function sharedAccuracy(cells: readonly FinishedCell[]): number | null {
  return highestReached(cells.map(countsOf));
}

function highestReached(counts: readonly (readonly Count[])[]): number | null {
  return counts.some(({ length }) => length === 0)
    ? null
    : smallest(counts.map((of) => largest(of.map(([, value]) => value))));
}

/** Images of the first epochs, the last of them in part. */
function imagesIn({ outcome }: FinishedCell, epochs: number): number {
  return outcome.epochs.reduce(
    (sum, { images }, i) => sum + images * Math.min(1, Math.max(0, epochs - i)),
    0,
  );
}

/** Accuracy after so many epochs. */
type Count = readonly [epochs: number, accuracy: number];

/** As fractions, which compare exactly with a target written in decimals. */
function countsOf({ outcome: { epochs, test } }: FinishedCell): Count[] {
  return epochs.flatMap(({ correct }, i): Count[] =>
    correct === undefined || test === null ? [] : [[i + 1, correct / test.rows]]
  );
}

function epochsTo(accuracy: number, counts: readonly Count[]): number | null {
  const first = counts.findIndex(([, value]) => value >= accuracy);
  if (first < 0) return null;
  const [epochs, value] = counts[first]!;
  if (first === 0) return epochs;
  const [before, below] = counts[first - 1]!;
  return before + (epochs - before) * (accuracy - below) / (value - below);
}
