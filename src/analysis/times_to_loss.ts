import type { FinishedCell } from "../results/result_set.ts";
import { warmEpochMs } from "./metric.ts";

/**
 * Time until the mean training loss of an epoch is down to a given value: to
 * the least that all these cells reach, so that none is left out. It stands
 * for the time to a given accuracy in result sets that have counts of correct
 * images for the end only; and it flatters duplicates, as copies are learnt with
 * their originals.
 *
 * @param cells Of one seed, at all its ratios.
 * @returns Milliseconds, a cell each: epochs, between two of them in proportion
 * to the loss, at the median time of an epoch; `null` where that is not known.
 */
export function timesToLoss(
  cells: readonly FinishedCell[],
): (number | null)[] {
  const losses = cells.map(({ outcome }) =>
    outcome.epochs.map(({ loss }) => loss)
  );
  const target = Math.max(...losses.map((of) => Math.min(...of)));
  return cells.map(({ timing }, i) => {
    const ms = warmEpochMs(timing);
    return ms === null ? null : ms * epochsTo(target, losses[i]!);
  });
}

/** Epochs until the loss is at the target or below, which it must get to. */
function epochsTo(target: number, losses: readonly number[]): number {
  const last = losses.findIndex((loss) => loss <= target);
  if (last === 0) return 1;
  const [before, after] = [losses[last - 1]!, losses[last]!];
  return last + (before - target) / (before - after);
}
