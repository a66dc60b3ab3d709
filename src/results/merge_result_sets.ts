import { UsageError } from "../core/errors.ts";
import { firstDifference } from "../core/first_difference.ts";
import { type Cell, planCells } from "../spec/plan_cells.ts";
import type { Provenance } from "./provenance.ts";
import {
  type CellResult,
  digestResultSet,
  reproducible,
  type ResultSet,
  SCHEMA_ID,
} from "./result_set.ts";

/** A result set and where it came from, for messages. */
export interface NamedResultSet {
  /** The file it was read from. */
  path: string;
  /** What the file holds. */
  set: ResultSet;
}

/**
 * Joins result sets of one study, such as its shards, into the one that a single
 * run would have given: the same cells in the same order, the same digest. A
 * cell in several of them must be the same in all; one that failed gives way to
 * one that finished. Whether outcomes are right is for `verifyResultSet` to say.
 *
 * @param parts At least one.
 * @param provenance Where and how they are merged; each part's own is kept in
 * `parts`.
 * @throws {UsageError} If a digest does not fit, studies, data sets, backends or
 * versions differ, a cell differs, is none of the study's, or is in no part.
 */
export function mergeResultSets(
  parts: readonly NamedResultSet[],
  provenance: Provenance,
): ResultSet {
  const [first] = parts as [NamedResultSet];
  for (const part of parts) {
    requireDigest(part);
    requireSameWork(first, part);
  }
  const found = new Map<string, { path: string; cell: CellResult }>();
  for (const { path, set } of parts) {
    for (const cell of set.cells) {
      const other = found.get(cell.id);
      if (other?.cell.status === "finished" && cell.status === "finished") {
        requireSameCell(other, { path, cell });
      } else if (other?.cell.status !== "finished") {
        found.set(cell.id, { path, cell });
      }
    }
  }
  const backends = [
    ...new Set([...found.values()].map(({ cell }) => cell.config.backend)),
  ];
  if (backends.length !== 1) {
    throw new UsageError(
      `Cannot merge as all cells must have run on one backend: found ${
        backends.join(", ")
      }`,
    );
  }
  const planned = planCells(first.set.study, backends[0]!);
  requirePlanned(parts, planned);
  const missing = planned.filter(({ id }) => !found.has(id));
  if (missing.length > 0) {
    throw new UsageError(
      `Cannot merge as every cell of the study must be in one of the files: ${missing.length} of ${planned.length} are in none, the first ${
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
      set.parts ?? [{
        ...(set.shard && { shard: set.shard }),
        digest: set.digest,
        provenance: set.provenance,
      }]
    ),
  };
}

function requireDigest({ path, set }: NamedResultSet): void {
  const expected = digestResultSet(set);
  if (set.digest === expected) return;
  throw new UsageError(
    `Cannot merge "${path}" as its digest does not fit its content: expected ${expected} of the content, got ${set.digest}`,
  );
}

/** A cell under another's id would otherwise take its place, or be dropped. */
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
      `Cannot merge "${path}" as cell ${stranger.id} is none of the study "${set.study.name}": its config must be one that the study stands for`,
    );
  }
}

/** Versions that decide numbers, as a journal holds them. */
function workOf({ set: { study, dataset, provenance } }: NamedResultSet) {
  const { dupbench, deno, packages } = provenance;
  return { study, dataset, versions: { dupbench, deno, ...packages } };
}

function requireSameWork(first: NamedResultSet, part: NamedResultSet): void {
  const found = firstDifference(workOf(first), workOf(part));
  if (found === null) return;
  throw new UsageError(
    `Cannot merge "${part.path}" with "${first.path}" as their ${found.field} differs: expected ${found.expected}, got ${found.got}`,
  );
}

function requireSameCell(
  a: { path: string; cell: CellResult },
  b: { path: string; cell: CellResult },
): void {
  const found = firstDifference(reproducible(a.cell), reproducible(b.cell));
  if (found === null) return;
  throw new UsageError(
    `Cannot merge "${b.path}" with "${a.path}" as cell ${a.cell.id} differs in ${found.field}: expected ${found.expected}, got ${found.got}`,
  );
}
