import type { ResultSet } from "./result_set.ts";

/** Cells up to which a file is indented. */
const FEW = 5000;

/**
 * The text of a result set's file: indented for people where it is not large.
 * Indentation is half of the bytes, and a file that is too large is not read
 * again.
 */
export function formatResultSet(set: ResultSet): string {
  return JSON.stringify(set, null, set.cells.length <= FEW ? 2 : 0) + "\n";
}
