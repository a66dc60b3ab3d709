import type { NearPair } from "./near_duplicates.ts";
import { openRootRows } from "./root_rows.ts";

/** Rows that pairs join, directly or through others. */
export interface RowGroup {
  /** Two rows or more, ascending. */
  rows: number[];
  /** Largest difference of the pairs that join them. */
  difference: number;
}

/**
 * The connected components of pairs, whatever the order of the pairs.
 *
 * @param rows Number of rows.
 * @returns Groups in the order of their first rows.
 */
export function groupPairs(
  rows: number,
  pairs: readonly NearPair[],
): RowGroup[] {
  const { rootOf, join } = openRootRows(rows);
  for (const { first, second } of pairs) join(first, second);
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
