import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";

/**
 * Where and how the cells of a set were run: of a merged one, each part; of cells
 * that earlier sets had, the runs of these.
 */
export function provenancesOf(
  { provenance, parts, reused }: ResultSet,
): Provenance[] {
  return (parts ?? [{ provenance, reused }]).flatMap((part) => [
    part.provenance,
    ...(part.reused ?? []).flatMap(({ runs }) => runs),
  ]);
}
