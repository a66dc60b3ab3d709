import { requireSome } from "../core/require_some.ts";
import { largest } from "../core/extremes.ts";
import { collectProvenance } from "./collect_provenance.ts";
import type { NamedResultSet } from "./merge_result_sets.ts";
import type { Provenance } from "./provenance.ts";

/** How a merge is recorded. */
export interface MergeProvenanceOptions {
  /** Arguments to record as the command; default: none. */
  command?: readonly string[] | undefined;
}

/**
 * Describes where and with what result sets are merged: this machine and this
 * checkout. No cell runs in a merge, so backend and jobs are those of the parts,
 * each of which keeps its own provenance in `parts`.
 *
 * @param parts At least one; the backend is that of the first, and `jobs` the
 * largest of all.
 * @returns What `mergeResultSets` takes.
 * @throws {RangeError} If there is no part.
 */
export async function mergeProvenance(
  parts: readonly NamedResultSet[],
  { command = [] }: MergeProvenanceOptions = {},
): Promise<Provenance> {
  requireSome("parts", parts);
  const recorded = parts.map(({ set }) => set.provenance);
  return await collectProvenance({
    backend: recorded[0]!.backend,
    jobs: largest(recorded.map(({ jobs }) => jobs)),
    command: [...command],
  });
}
