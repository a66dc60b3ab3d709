import { UsageError } from "../core/errors.ts";
import { requireSome } from "../core/require_some.ts";
import { firstDifference } from "../core/first_difference.ts";
import type { BackendName } from "../spec/names.ts";
import { type Cell, planCells } from "../spec/plan_cells.ts";
import type { Provenance } from "./provenance.ts";
import {
  type CellResult,
  digestResultSet,
  reproducible,
  type ResultSet,
  SCHEMA_ID,
} from "./result_set.ts";
import { provenancesOf } from "./provenances_of.ts";
import type { ResultPart } from "./result_set_types.ts";
import { decidingVersions } from "./versions.ts";

/** A result set and where it came from, for messages. */
export interface NamedResultSet {
  /** The file it was read from. */
  path: string;
  /** Its content. */
  set: ResultSet;
}

/**
 * Merges result sets of one study, such as its shards, into the one that a single
 * run would have given: the same cells in the same order, the same digest. A cell
 * that is in several of them must be equal in all; a finished cell replaces a
 * failed one. Whether outcomes are correct is checked by `verifyResultSet`.
 *
 * @param parts At least one.
 * @param provenance Where and how they are merged, from `mergeProvenance`; each
 * part keeps its own in `parts`.
 * @throws {RangeError} If there is no part.
 * @throws {UsageError} If a digest does not match, studies, data sets, backends or
 * the versions that decide numbers differ (of the engine only where a backend
 * computes with it, which `wasm` does not), or a cell differs between parts, does
 * not belong to the study or is in no part.
 */
export function mergeResultSets(
  parts: readonly NamedResultSet[],
  provenance: Provenance,
): ResultSet {
  requireSome("parts", parts);
  const [first] = parts as [NamedResultSet];
  parts.forEach(requireDigest);
  const backend = requireOneBackend(parts);
  for (const part of parts) requireSameWork(first, part, backend);
  const found = new Map<
    string,
    { path: string; cell: CellResult; from: ResultSet }
  >();
  for (const { path, set } of parts) {
    for (const cell of set.cells) {
      const other = found.get(cell.id);
      if (other?.cell.status === "finished" && cell.status === "finished") {
        requireSameCell(other, { path, cell });
      } else if (other?.cell.status !== "finished") {
        found.set(cell.id, { path, cell, from: set });
      }
    }
  }
  const planned = planCells(first.set.study, backend);
  requirePlanned(parts, planned);
  const missing = planned.filter(({ id }) => !found.has(id));
  if (missing.length > 0) {
    throw new UsageError(
      `Every cell of the study must be in one of the files: ${missing.length} of ${planned.length} are missing, the first of them ${
        missing[0]!.id
      }`,
    );
  }
  const content = {
    schema: SCHEMA_ID,
    study: first.set.study,
    dataset: first.set.dataset,
    cells: planned.map(({ id }) => found.get(id)!.cell),
  } as const;
  return {
    ...content,
    digest: digestResultSet(content),
    provenance,
    parts: parts.flatMap(({ set }) =>
      partsOf(
        set,
        planned.map(({ id }) => id).filter((id) => found.get(id)!.from === set),
      )
    ),
  };
}

/** How a merge records one of its files, of which it took the cells `taken`. */
function partsOf(set: ResultSet, taken: readonly string[]): ResultPart[] {
  if (set.parts === undefined) {
    return [{
      ...(set.shard && { shard: set.shard }),
      digest: set.digest,
      provenance: set.provenance,
      cells: [...taken],
      ...(set.resumed && { resumed: set.resumed }),
      ...(set.reused && { reused: set.reused }),
    }];
  }
  const own = new Set(taken);
  return set.parts.map((part) =>
    part.cells === undefined
      ? part
      : { ...part, cells: part.cells.filter((id) => own.has(id)) }
  );
}

function requireDigest({ path, set }: NamedResultSet): void {
  const expected = digestResultSet(set);
  if (set.digest === expected) return;
  throw new UsageError(
    `The digest of "${path}" does not match its content: expected ${expected}, got ${set.digest}`,
  );
}

/** A cell with the id of another would otherwise replace it, or be dropped. */
function requirePlanned(
  parts: readonly NamedResultSet[],
  planned: readonly Cell[],
): void {
  const configs = new Map(planned.map(({ id, config }) => [id, config]));
  for (const { path, set } of parts) {
    const stranger = set.cells.find(({ id, config }) =>
      firstDifference(configs.get(id), config) !== null
    );
    if (stranger === undefined) continue;
    throw new UsageError(
      `Cell ${stranger.id} of "${path}" is not a cell of the study "${set.study.name}"`,
    );
  }
}

/** What decides numbers: the study, the images and the versions. */
function workOf(
  { study, dataset }: ResultSet,
  provenance: Provenance,
  backend: BackendName,
) {
  return { study, dataset, versions: decidingVersions(provenance, backend) };
}

function requireSameWork(
  first: NamedResultSet,
  part: NamedResultSet,
  backend: BackendName,
): void {
  const [own] = provenancesOf(first.set);
  const expected = workOf(first.set, own!, backend);
  // A merged part may have been merged with other versions than its cells ran with.
  for (const provenance of provenancesOf(part.set)) {
    const found = firstDifference(
      expected,
      workOf(part.set, provenance, backend),
    );
    if (found === null) continue;
    throw new UsageError(
      `"${part.path}" must have the same ${found.field} as "${first.path}": expected ${found.expected}, got ${found.got}`,
    );
  }
}

/** The backend of all cells. */
function requireOneBackend(parts: readonly NamedResultSet[]): BackendName {
  const backends = new Set(
    parts.flatMap(({ set }) => set.cells.map(({ config }) => config.backend)),
  );
  const [backend] = backends;
  if (backends.size === 1) return backend!;
  throw new UsageError(
    `All cells must have run on one backend, got ${[...backends].join(", ")}`,
  );
}

/**
 * Requires that a cell of two sets has the same outcome in both.
 *
 * @throws {UsageError} Naming the first field that differs.
 */
export function requireSameCell(
  a: { path: string; cell: CellResult },
  b: { path: string; cell: CellResult },
): void {
  const found = firstDifference(reproducible(a.cell), reproducible(b.cell));
  if (found === null) return;
  throw new UsageError(
    `Cell ${a.cell.id} of "${b.path}" differs from that of "${a.path}" in ${found.field}: expected ${found.expected}, got ${found.got}`,
  );
}
