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
  const shards = startShards(count);
  const shardOf = new Map<string, number>();
  const byDescendingCost = [...cells].sort((a, b) =>
    costs.get(b.id)! - costs.get(a.id)! || (a.id < b.id ? -1 : 1)
  );
  for (const { id } of byDescendingCost) {
    shardOf.set(id, shards.addToLightest(costs.get(id)!));
  }
  return cells.filter(({ id }) => shardOf.get(id) === index);
}

/**
 * Shards without work, in a binary heap: a study may have tens of thousands, and
 * looking through all of them for each cell would take minutes.
 */
function startShards(count: number) {
  const loads = new Float64Array(count);
  // Indices from 0; equal loads are in the order of their indices.
  const heap = Uint32Array.from(loads, (_, shard) => shard);
  const isLighter = (a: number, b: number) =>
    loads[a]! < loads[b]! || loads[a] === loads[b] && a < b;
  return {
    /** Adds work to the shard that has least, and returns its index, from 1. */
    addToLightest(cost: number): number {
      const shard = heap[0]!;
      loads[shard]! += cost;
      let at = 0;
      while (true) {
        let child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && isLighter(heap[child + 1]!, heap[child]!)) {
          child++;
        }
        if (!isLighter(heap[child]!, shard)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = shard;
      return shard + 1;
    },
  };
}
