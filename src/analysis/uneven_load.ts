import { largest } from "../core/extremes.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";
import { provenancesOf } from "../results/provenances_of.ts";
import { armCoordinates } from "./arm.ts";
import { warmMedian } from "./metric.ts";

const conditions = armCoordinates.filter(({ role }) => role === "condition");

/** Largest spread of times that may be compared. */
export const MOST_SPREAD = 1.2;

/**
 * How uneven the load of the machine was while cells ran. An image takes the same
 * time in every cell of the same conditions (backend, model, training and so on)
 * and batch, whether or not it is a duplicate; where its time differs between
 * cells, something else was running at the same time.
 *
 * @returns The ratio of the slowest to the fastest cell by their median time per
 * image in the epochs after the first, a tenth of the cells at each end left
 * out, in the group of equal cells where it is largest. At least 1.
 */
export function imageTimeSpread(cells: readonly FinishedCell[]): number {
  const groups = new Map<string, number[]>();
  for (const cell of cells) {
    const perImage = warmMedian(
      cell.outcome.epochs.map(({ images }, i) =>
        cell.timing.epochs[i]!.totalMs / images
      ),
    );
    // A clock that is too coarse says nothing.
    if (perImage === null || !(perImage > 0)) continue;
    const { training, batch } = cell.config;
    const key = JSON.stringify([
      ...conditions.map(({ valueOf }) => valueOf(cell.config)),
      training,
      batch,
    ]);
    groups.set(key, [...groups.get(key) ?? [], perImage]);
  }
  const spreads = [...groups.values()].map((times) => {
    times.sort((a, b) => a - b);
    const tenth = Math.floor(times.length / 10);
    return times.at(-1 - tenth)! / times[tenth]!;
  });
  return Math.max(1, largest(spreads));
}

/**
 * A warning about the times of a set, or none. Where cells are of earlier sets or
 * ran on several machines, the load of one is not the only reason.
 */
export function unevenLoadOf(set: ResultSet): string[] {
  const { study, cells, parts = [] } = set;
  const runs = provenancesOf(set);
  const hasReused = [set, ...parts].some(({ reused }) => reused !== undefined);
  const machines = new Set(runs.map((run) => `${run.cpu}, ${run.cores}`));
  const spread = imageTimeSpread(
    cells.filter((cell) => cell.status === "finished"),
  );
  return spread <= MOST_SPREAD ? [] : [
    `${study.name}: the time per image differs by a factor of ${
      spread.toFixed(1)
    } between cells of equal work: ${
      !hasReused && machines.size === 1
        ? "the load of the machine was uneven, and differences in time of that size may be due to it"
        : `they are of ${runs.length} runs, and differences in time of that size may be due to other machines or another load`
    }`,
  ];
}
