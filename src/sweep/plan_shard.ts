import { UsageError } from "../core/errors.ts";
import type { Shard } from "../results/result_set.ts";
import { seededCellId } from "../spec/cell_config.ts";
import type { Cell } from "../spec/plan_cells.ts";

/**
 * Chooses the cells of one shard so that all shards have about the same work:
 * the most expensive cell first, each to the shard with the least work so far
 * (Graham 1969, longest processing time first: no shard gets more than 4/3 of
 * its work in the best division). Every cell is in exactly one shard. Cells that
 * differ in their seeds alone are dealt out one after another: as many shards as
 * seeds hold one seed each, so that every shard can be analysed by itself.
 *
 * @param cells All cells of the study.
 * @param costs Estimated work of each cell, by id; above 0.
 * @returns Those of the shard, in the order of `cells`.
 * @throws {UsageError} If there are fewer cells than shards, or one of the two
 * numbers is not an integer of at least 1, or the index above the count.
 */
export function planShard(
  cells: readonly Cell[],
  costs: ReadonlyMap<string, number>,
  { index, count }: Shard,
): Cell[] {
  const isCount = (n: number) => Number.isInteger(n) && n >= 1;
  if (!isCount(count)) {
    throw new UsageError(
      `The second number of "shard" must be an integer of at least 1, got "${index}/${count}"`,
      { field: "shard" },
    );
  }
  if (!isCount(index) || index > count) {
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
  // Seeds of one point next to each other, whatever the order of the cells.
  const points = new Map(
    cells.map(({ id, config }) => [id, seededCellId(config)(0)]),
  );
  const byDescendingCost = [...cells].sort((a, b) =>
    costs.get(b.id)! - costs.get(a.id)! ||
    compare(points.get(a.id)!, points.get(b.id)!) ||
    a.config.seed - b.config.seed
  );
  for (const { id } of byDescendingCost) {
    shardOf.set(id, shards.addToLightest(costs.get(id)!));
  }
  return cells.filter(({ id }) => shardOf.get(id) === index);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
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
