import { largest, smallest } from "../core/extremes.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { warmEpochMs } from "./metric.ts";

/**
 * Time until the mean training loss of an epoch falls to the lowest value that
 * all these cells reach, so that none is left out. It replaces the time to a
 * given accuracy in result sets that have counts of correct images for the end
 * only. It favours duplication, as copies are learnt with their originals.
 *
 * @param cells Those of one seed, at all its ratios.
 * @returns Milliseconds, one per cell: epochs, interpolated linearly in the loss,
 * times the median time per epoch; `null` where that is not known.
 */
export function timesToLoss(
  cells: readonly FinishedCell[],
): (number | null)[] {
  const losses = cells.map(({ outcome }) =>
    outcome.epochs.map(({ loss }) => loss)
  );
  const target = largest(losses.map((of) => smallest(of)));
  return cells.map(({ timing }, i) => {
    const ms = warmEpochMs(timing);
    return ms === null ? null : ms * epochsTo(target, losses[i]!);
  });
}

/** Epochs until the loss is at most the target, which it must reach. */
function epochsTo(target: number, losses: readonly number[]): number {
  const last = losses.findIndex((loss) => loss <= target);
  if (last === 0) return 1;
  const [before, after] = [losses[last - 1]!, losses[last]!];
  return last + (before - target) / (before - after);
}
