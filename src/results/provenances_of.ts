import type { Provenance } from "./provenance.ts";
import type { ResultSet } from "./result_set.ts";
import type { ResultPart } from "./result_set_types.ts";

/**
 * Where and how the cells of a set were run: of a merged one, each part; of cells
 * that earlier sets had, or earlier runs of the sweep, the runs of these. A run that
 * none of the cells is of is left out, such as that of a sweep which reused all of
 * its cells.
 *
 * @returns At least one.
 */
export function provenancesOf(set: ResultSet): Provenance[] {
  const all = sourcesOf(set).flatMap(runsOf);
  const ran = new Set([...runsByCell(set).values()].flat());
  const used = all.filter((run) => ran.has(run));
  return used.length > 0 ? used : all;
}

/**
 * The runs of which each cell may be, by its id: one where that is recorded,
 * several where it is of a part of an older merged set, or of an earlier set that
 * was itself made by several runs.
 */
export function runsByCell(
  set: ResultSet,
): Map<string, readonly Provenance[]> {
  const sources = sourcesOf(set);
  const known = new Map<string, readonly Provenance[]>();
  for (const { cells = [], provenance, resumed, reused } of sources) {
    const earlier = new Map<string, readonly Provenance[]>([
      ...(reused ?? []).flatMap(({ cells, runs }) =>
        cells.map((id) => [id, runs] as const)
      ),
      ...(resumed ?? []).flatMap(({ cells, run }) =>
        cells.map((id) => [id, [run]] as const)
      ),
    ]);
    for (const id of cells) known.set(id, earlier.get(id) ?? [provenance]);
  }
  // Of older merged sets, which cells were those of a part is not recorded.
  const unknown = sources.filter(({ cells }) => cells === undefined)
    .flatMap(runsOf);
  return new Map(set.cells.map(({ id }) => [id, known.get(id) ?? unknown]));
}

/** What has cells of a set: the set itself or, of a merged one, its parts. */
type Source = Pick<ResultPart, "cells" | "provenance" | "resumed" | "reused">;

function sourcesOf({ parts = [], cells, ...own }: ResultSet): Source[] {
  return parts.length > 0
    ? parts
    : [{ ...own, cells: cells.map(({ id }) => id) }];
}

function runsOf({ provenance, resumed, reused }: Source): Provenance[] {
  return [
    provenance,
    ...(resumed ?? []).map(({ run }) => run),
    ...(reused ?? []).flatMap(({ runs }) => runs),
  ];
}
