/** A partition of rows into groups that grow (union-find). */
export interface RootRows {
  /** The lowest row of the group of a row. */
  rootOf(row: number): number;
  /** Makes one group of those of two rows. */
  join(one: number, other: number): void;
}

/**
 * Every row in a group of its own. The lowest row is the root, so that the order
 * in which groups are joined does not matter.
 */
export function openRootRows(rows: number): RootRows {
  const parent = Uint32Array.from({ length: rows }, (_, row) => row);
  const rootOf = (row: number) => {
    while (parent[row] !== row) row = parent[row] = parent[parent[row]!]!;
    return row;
  };
  return {
    rootOf,
    join(one, other) {
      const [a, b] = [rootOf(one), rootOf(other)];
      parent[Math.max(a, b)] = Math.min(a, b);
    },
  };
}
