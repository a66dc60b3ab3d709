import { UsageError } from "../core/errors.ts";
import type { Shard } from "../results/result_set.ts";
import type { Cell } from "../spec/plan_cells.ts";

/**
 * Chooses the cells of one shard so that all shards have about the same work:
 * the most expensive cell first, each to the shard with the least work so far
 * (Graham 1969, longest processing time first: no shard gets more than 4/3 of
 * its work in the best division). Every cell is in exactly one shard.
 *
 * @param cells All cells of the study.
 * @param costs Estimated work of each cell, by id; above 0.
 * @returns Those of the shard, in the order of `cells`.
 * @throws {UsageError} If there are fewer cells than shards, or the index is
 * above the count.
 */
export function planShard(
  cells: readonly Cell[],
  costs: ReadonlyMap<string, number>,
  { index, count }: Shard,
): Cell[] {
  if (index > count) {
    throw new UsageError(
      `The first number of "shard" must be from 1 to ${count}, got "${index}/${count}"`,
      { field: "shard" },
    );
  }
  if (count > cells.length) {
    throw new UsageError(
      `The second number of "shard" must be at most ${cells.length}, the cells of the study, got "${index}/${count}"`,
      { field: "shard" },
    );
  }
  const loads = Array<number>(count).fill(0);
  const shardOf = new Map<string, number>();
  const byDescendingCost = [...cells].sort((a, b) =>
    costs.get(b.id)! - costs.get(a.id)! || (a.id < b.id ? -1 : 1)
  );
  for (const { id } of byDescendingCost) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest]! += costs.get(id)!;
    shardOf.set(id, lightest + 1);
  }
  return cells.filter(({ id }) => shardOf.get(id) === index);
}
