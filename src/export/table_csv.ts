import { csvText } from "../core/csv.ts";
import type { ResultTable } from "./result_table.ts";

/**
 * Writes a table as CSV (RFC 4180) in UTF-8: names first, booleans as `true`
 * and `false`, absent values empty. Text that a spreadsheet would
 * take for a formula gets an apostrophe in front.
 */
export function tableCsv({ columns, rows }: ResultTable): string {
  return csvText([columns.map(({ name }) => name), ...rows]);
}
