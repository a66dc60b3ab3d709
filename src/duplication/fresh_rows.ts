import { openStream, permutation } from "../core/stream.ts";

/**
 * Finds for each copy an image that was not there before, of the same class: so
 * the set grows as much, and its class mix changes as much, but nothing in it is
 * repeated. At one seed the rows for a ratio are the first ones of those for a
 * larger one.
 *
 * @param copies Source row of each copy.
 * @param labels Class of each original row.
 * @param reserve Class of each row of the reserve.
 * @param seed Of the run.
 * @returns Rows of the reserve, all different, shape `[copies]`.
 * @throws {RangeError} If the reserve holds too few of a class.
 */
export function freshRows(
  copies: Uint32Array,
  labels: Uint8Array,
  reserve: Uint8Array,
  seed: number,
): Uint32Array {
  const byClass = new Map<number, { rows: number[]; next: number }>();
  reserve.forEach((label, row) => {
    const entry = byClass.get(label) ?? { rows: [], next: 0 };
    entry.rows.push(row);
    byClass.set(label, entry);
  });
  for (const [label, entry] of byClass) {
    const { rows } = entry;
    const order = permutation(
      rows.length,
      openStream(seed, "plan", "fresh", label),
    );
    entry.rows = Array.from(order, (at) => rows[at]!);
  }
  return copies.map((row) => {
    const label = labels[row]!;
    const entry = byClass.get(label);
    const fresh = entry?.rows[entry.next++];
    if (fresh === undefined) {
      throw new RangeError(
        `Cannot plan fresh images as the training images beyond --limit-train must hold enough of class ${label}: current value is ${
          entry?.rows.length ?? 0
        }`,
      );
    }
    return fresh;
  });
}
