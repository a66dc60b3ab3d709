import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { warmMedian } from "./metric.ts";

/** From this spread on, times are doubtful. */
export const MOST_SPREAD = 1.2;

/**
 * How unevenly busy the machine was while cells ran. An image takes as long in
 * any cell of the same backend, model, training and batch, duplicate or not; so
 * where its time differs from cell to cell, something else ran beside some.
 *
 * @returns Of each cell the median time of an image in warm epochs is taken; of
 * these, how many times as long the slowest are as the fastest, a tenth at each
 * end left out, in the group of cells where that is most. At least 1.
 */
export function imageTimeSpread(cells: readonly FinishedCell[]): number {
  const groups = new Map<string, number[]>();
  for (const cell of cells) {
    const perImage = warmMedian(
      cell.outcome.epochs.map(({ images }, i) =>
        cell.timing.epochs[i]!.totalMs / images
      ),
    );
    if (perImage === null) continue;
    const { backend, model, training, batch } = cell.config;
    const key = JSON.stringify([backend, model, training, batch]);
    groups.set(key, [...groups.get(key) ?? [], perImage]);
  }
  const spreads = [...groups.values()].map((times) => {
    times.sort((a, b) => a - b);
    const tenth = Math.floor(times.length / 10);
    return times.at(-1 - tenth)! / times[tenth]!;
  });
  return Math.max(1, ...spreads);
}

/** The doubt that a set's times deserve, or none. */
export function unevenLoadOf({ study, cells }: ResultSet): string[] {
  const spread = imageTimeSpread(
    cells.filter((cell) => cell.status === "finished"),
  );
  return spread <= MOST_SPREAD ? [] : [
    `${study.name}: an image took up to ${
      spread.toFixed(1)
    } times as long in some cells as in others of equal work: the machine was unevenly busy, and differences in time of that size may be its load`,
  ];
}
