import { digestResultSet, type ResultSet } from "../results/result_set.ts";
import { planCells } from "../spec/plan_cells.ts";

/**
 * Whether the digest in a result set matches its content.
 */
export function isIntact(set: ResultSet): boolean {
  return digestResultSet(set) === set.digest;
}

/** Found already: planning a study of 100,000 cells takes seconds. */
const known = new WeakMap<ResultSet, string[]>();

/**
 * What a reader must know about a result set before using it, one line each:
 * cells that failed, diverged, raised flags or are missing.
 */
export function shortfallsOf(set: ResultSet): string[] {
  const lines = known.get(set) ?? findShortfalls(set);
  known.set(set, lines);
  return lines;
}

function findShortfalls({ study, cells }: ResultSet): string[] {
  // Of a set without cells any backend: all of its cells are missing.
  const planned = planCells(study, cells[0]?.config.backend ?? "wasm");
  const ids = new Set(cells.map(({ id }) => id));
  const missing = planned.filter(({ id }) => !ids.has(id));
  const finished = cells.filter((cell) => cell.status === "finished");
  const diverged = finished.filter(({ outcome }) =>
    outcome.divergedAtEpoch !== null
  );
  const flagged = finished.filter(({ outcome }) => outcome.flags.length > 0);
  const of = `of ${cells.length} cells`;
  return [
    [cells.length - finished.length, `${of} failed and have no outcome`],
    [diverged.length, `${of} diverged and were not evaluated`],
    [flagged.length, `${of} carry flags that make them doubtful`],
    [
      missing.length,
      `of ${planned.length} cells of the study are missing`,
    ],
  ].flatMap(([count, what]) => count === 0 ? [] : [`${count} ${what}`]);
}
