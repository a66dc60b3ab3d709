import { requireCount } from "../core/require_count.ts";

/**
 * Requires that rows are there.
 *
 * @param name The option that holds them, as the caller calls it.
 * @param options `count`: how many rows there are; `of`: of what, for the message.
 * @throws {RangeError} If a row is not below the count.
 */
export function requireRowsBelow(
  name: string,
  rows: Uint32Array,
  { count, of }: { count: number; of: string },
): void {
  const beyond = rows.find((row) => row >= count);
  if (beyond === undefined) return;
  throw new RangeError(
    `"${name}" must be below ${count}, ${of}, got ${beyond}`,
  );
}

/**
 * Requires that lists have an entry for each of the rows.
 *
 * @param lists Lists by the option that holds them; those that are absent are left
 * out.
 * @throws {RangeError} If one is shorter or longer than `rows`.
 */
export function requireLikeRows(
  rows: Uint32Array,
  lists: Readonly<Record<string, ArrayLike<number> | undefined>>,
): void {
  for (const [name, list] of Object.entries(lists)) {
    if (list === undefined || list.length === rows.length) continue;
    throw new RangeError(
      `"${name}" must have as many entries as "rows", ${rows.length}, got ${list.length}`,
    );
  }
}

/**
 * Requires that labels are classes.
 *
 * @param labels Class of each row, shape `[rows]`.
 * @param classes Count of classes.
 * @throws {RangeError} If the count is not an integer of at least 1, or a label is
 * not below it.
 */
export function requireLabels(labels: Uint8Array, classes: number): void {
  requireCount("classes", classes);
  const row = labels.findIndex((label) => !(label < classes));
  if (row < 0) return;
  throw new RangeError(
    `"labels" must be below ${classes}, the number of classes, got ${
      labels[row]
    } for row ${row}`,
  );
}
