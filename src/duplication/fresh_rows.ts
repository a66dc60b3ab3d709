import { permutation } from "../core/stream.ts";
import { openPlanStream, type PlanNaming } from "./plan_stream.ts";

/**
 * Finds for each copy an image of the same class that is not in the training set:
 * so the set grows and its class mix changes as with copies, but nothing in it is
 * repeated. For one seed the rows for a ratio are a prefix of those for a larger
 * one, unless plans are drawn anew.
 *
 * @param copies Source row of each copy.
 * @param labels Class of each original row.
 * @param reserve Class of each row of the reserve.
 * @param naming Seed of the run, and the ratio where plans are drawn anew.
 * @returns Rows of the reserve, all different, shape `[copies]`.
 * @throws {RangeError} If the reserve has too few images of a class.
 */
export function freshRows(
  copies: Uint32Array,
  labels: Uint8Array,
  reserve: Uint8Array,
  naming: PlanNaming,
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
      openPlanStream(naming, "plan", "fresh", label),
    );
    entry.rows = Array.from(order, (at) => rows[at]!);
  }
  return copies.map((row) => {
    const label = labels[row]!;
    const entry = byClass.get(label);
    const fresh = entry?.rows[entry.next++];
    if (fresh === undefined) {
      throw new RangeError(
        `Fresh images need more training images of class ${label} beyond "limitTrain" and "drawTrain" than ${
          entry?.rows.length ?? 0
        }`,
      );
    }
    return fresh;
  });
}
