import type { NearPair } from "./near_duplicates.ts";

/** Rows that pairs join, directly or through others. */
export interface RowGroup {
  /** Two rows or more, ascending. */
  rows: number[];
  /** Largest difference of the pairs that join them. */
  difference: number;
}

/**
 * The connected components of pairs (union-find; the lower row is the root, so
 * that the order of the pairs does not matter).
 *
 * @param rows Number of rows.
 * @returns Groups in the order of their first rows.
 */
export function groupPairs(
  rows: number,
  pairs: readonly NearPair[],
): RowGroup[] {
  const parent = Uint32Array.from({ length: rows }, (_, row) => row);
  const rootOf = (row: number) => {
    while (parent[row] !== row) row = parent[row] = parent[parent[row]!]!;
    return row;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const groups = new Map<number, RowGroup>();
  for (const row of new Set(pairs.flatMap((p) => [p.first, p.second]))) {
    const root = rootOf(row);
    const group = groups.get(root) ?? { rows: [], difference: 0 };
    group.rows.push(row);
    groups.set(root, group);
  }
  for (const { first, difference } of pairs) {
    const group = groups.get(rootOf(first))!;
    group.difference = Math.max(group.difference, difference);
  }
  for (const group of groups.values()) group.rows.sort((a, b) => a - b);
  return [...groups.values()].sort((a, b) => a.rows[0]! - b.rows[0]!);
}
