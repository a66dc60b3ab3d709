import type { BackendName } from "./backends.ts";
import { type CellConfig, seededCellId } from "./cell_config.ts";
import { isExcluded } from "./exclude.ts";
import { pointsOf } from "./points_of.ts";
import { resolveConfig } from "./resolve_config.ts";
import type { Study } from "./study.ts";

/** A cell of a sweep, before it is run. */
export interface Cell {
  /** Hash of the config. */
  readonly id: string;
  /** What to run. */
  readonly config: CellConfig;
}

/**
 * Lists the cells of a study: the product of its axes, in their order, without
 * what it excludes. Ratio 0
 * is the same run under every policy, mode and budget, so it appears once, as
 * policy `none`.
 *
 * @param study Every default filled in.
 * @param backend What `study.backend` came to on this machine.
 */
export function planCells(study: Study, backend: BackendName): Cell[] {
  const cells = new Map<string, Cell>();
  // Seeds are the last axis, and nothing else of a config depends on them: a
  // study may have tens of thousands of cells, so the rest is made once for all.
  for (const point of pointsOf({ ...study, seeds: study.seeds.slice(0, 1) })) {
    const config = resolveConfig(study, { point, backend });
    const idOf = seededCellId(config);
    for (const seed of study.seeds) {
      if (isExcluded({ ...point, seed }, study)) continue;
      const id = idOf(seed);
      if (!cells.has(id)) cells.set(id, { id, config: { ...config, seed } });
    }
  }
  return [...cells.values()];
}
