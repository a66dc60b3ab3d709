import { openStream, permutation } from "../core/stream.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";

/** Which cells to run again. */
export interface SampleOptions {
  /** How many; all if there are fewer. */
  cells: number | "all";
  /** Seed of the choice; any integer in `[0, 2^53)`. */
  seed: number;
}

/**
 * Draws cells without replacement, all equally likely. Cells that failed when they
 * were recorded are left out, because there is nothing to compare.
 *
 * @returns In the order of the set.
 * @throws {RangeError} If `cells` is neither `all` nor an integer of at least 0.
 */
export function sampleCells(
  { cells }: Pick<ResultSet, "cells">,
  { cells: wanted, seed }: SampleOptions,
): FinishedCell[] {
  // A slice to -1 or NaN would be other cells, or none, of which none differs.
  if (wanted !== "all" && !(Number.isInteger(wanted) && wanted >= 0)) {
    throw new RangeError(
      `"cells" must be "all" or an integer of at least 0, got ${wanted}`,
    );
  }
  const finished = cells.filter((cell) => cell.status === "finished");
  if (wanted === "all" || wanted >= finished.length) return finished;
  const order = permutation(finished.length, openStream(seed, "sample"));
  const drawn = new Set(order.subarray(0, wanted));
  return finished.filter((_, i) => drawn.has(i));
}
