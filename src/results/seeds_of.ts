import type { CellConfig } from "../spec/study_types.ts";

/**
 * Seeds of cells, ascending: those that a result set has, which are fewer than its
 * study's where it is a shard.
 */
export function seedsOf(
  cells: readonly { config: Pick<CellConfig, "seed"> }[],
): number[] {
  return [...new Set(cells.map(({ config }) => config.seed))]
    .sort((a, b) => a - b);
}
