import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";

/**
 * Where and how the cells of a set were run: of a merged one, each part; of cells
 * that earlier sets had, the runs of these. A set all of whose cells are such has
 * no run of its own.
 *
 * @returns At least one.
 */
export function provenancesOf(
  { cells, provenance, parts = [], reused = [] }: ResultSet,
): Provenance[] {
  if (parts.length === 0) {
    const earlier = reused.flatMap(({ runs }) => runs);
    const taken = new Set(reused.flatMap(({ cells }) => cells));
    return earlier.length > 0 && cells.every(({ id }) => taken.has(id))
      ? earlier
      : [provenance, ...earlier];
  }
  // Which cells were those of a part is not recorded.
  return parts.flatMap(({ provenance, reused = [] }) => [
    provenance,
    ...reused.flatMap(({ runs }) => runs),
  ]);
}
