import { UsageError } from "../core/errors.ts";
import { engine } from "../core/runtime/engine.ts";
import { firstDifference } from "../core/first_difference.ts";
import type { BackendName } from "../spec/names.ts";
import type { Cell } from "../spec/plan_cells.ts";
import { requireConsistent } from "./check_result_set.ts";
import { type NamedResultSet, requireSameCell } from "./merge_result_sets.ts";
import { provenancesOf, runsByCell } from "./provenances_of.ts";
import type { FinishedCell } from "./result_set.ts";
import type { DatasetDigest, ReusedCells } from "./result_set_types.ts";
import { decidingVersions, packageVersions, version } from "./versions.ts";

/** A finished cell of an earlier set. */
export interface ReusableCell {
  /** The cell. */
  readonly cell: FinishedCell;
  /** The set that has it; the first of several. */
  readonly source: NamedResultSet;
}

/** An earlier set, and the digest that its images must have. */
export interface ReusedSource extends NamedResultSet {
  /** The images of the sweep, as the study of the set asks for them. */
  readonly dataset: DatasetDigest;
}

/**
 * The cells of a sweep that earlier result sets have. An outcome is a function of
 * its config, so a cell with the same config, on the same images, backend and
 * versions, would come out the same again.
 *
 * @param sources The earlier sets, of any studies.
 * @param sweep Cells and backend of the sweep.
 * @returns By id.
 * @throws {UsageError} If a set contradicts itself, was recorded on other images
 * or with other versions that decide numbers, has no finished cell of the sweep,
 * or if two sets have different outcomes of the same cell.
 */
export function findReusable(
  sources: readonly ReusedSource[],
  { planned, backend }: {
    planned: readonly Cell[];
    backend: BackendName;
  },
): Map<string, ReusableCell> {
  const wanted = new Set(planned.map(({ id }) => id));
  const found = new Map<string, ReusableCell>();
  for (const source of sources) {
    const { path, set } = source;
    requireConsistent(set, path);
    const cells = set.cells.filter((cell): cell is FinishedCell =>
      cell.status === "finished" && wanted.has(cell.id)
    );
    if (cells.length === 0) {
      throw new UsageError(
        `"reuse" must name result sets that have finished cells of this sweep, got "${path}" with none: data set, network, training, copies, evaluation, seed and backend of a cell must be the same`,
        { field: "reuse" },
      );
    }
    requireSameNumbers(source, backend);
    for (const cell of cells) {
      const other = found.get(cell.id);
      if (other === undefined) found.set(cell.id, { cell, source });
      else {
        requireSameCell({ path: other.source.path, cell: other.cell }, {
          path,
          cell,
        });
      }
    }
  }
  return found;
}

/**
 * What a result set says of the cells that it took from earlier sets.
 *
 * @param cells By id.
 */
export function recordReused(
  cells: ReadonlyMap<string, ReusableCell>,
): ReusedCells[] {
  return [...Map.groupBy(cells, ([, { source }]) => source)].map(
    ([{ set }, found]) => {
      const runs = runsByCell(set);
      const ran = new Set(found.flatMap(([id]) => runs.get(id)!));
      return {
        digest: set.digest,
        cells: found.map(([id]) => id),
        runs: provenancesOf(set).filter((run) => ran.has(run)),
      };
    },
  );
}

/** What decides numbers besides the config: the images and the versions. */
function requireSameNumbers(
  { path, set, dataset }: ReusedSource,
  backend: BackendName,
): void {
  const expected = {
    dataset,
    versions: decidingVersions(
      { dupbench: version, engine, packages: packageVersions() },
      backend,
    ),
  };
  for (const provenance of provenancesOf(set)) {
    const difference = firstDifference(expected, {
      dataset: set.dataset,
      versions: decidingVersions(provenance, backend),
    });
    if (difference === null) continue;
    throw new UsageError(
      `Cells of "${path}" cannot be reused: ${difference.field} must be ${difference.expected}, as in this sweep, got ${difference.got}`,
      { field: "reuse" },
    );
  }
}
