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
 */
export function sampleCells(
  { cells }: Pick<ResultSet, "cells">,
  { cells: wanted, seed }: SampleOptions,
): FinishedCell[] {
  const finished = cells.filter((cell) => cell.status === "finished");
  if (wanted === "all" || wanted >= finished.length) return finished;
  const order = permutation(finished.length, openStream(seed, "sample"));
  const drawn = new Set(order.subarray(0, wanted));
  return finished.filter((_, i) => drawn.has(i));
}
