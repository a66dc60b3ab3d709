import { openStream, permutation } from "../../core/stream.ts";

/**
 * Seed of the split of an image folder: a property of the data and not of a run,
 * as that of a subset.
 */
export const splitSeed = 0;

/** One of so many images is in the test split. */
const testShare = 5;

/**
 * The order in which each class draws its test images, and how many.
 *
 * @param labels Class of each row, shape `[rows]`.
 * @param classNames Names of the classes, which decide on the draw.
 */
export function drawTests(
  labels: Uint8Array,
  classNames: readonly string[],
): { orders: Uint32Array[]; quotas: number[] } {
  const rowsOf = classNames.map((): number[] => []);
  labels.forEach((label, row) => rowsOf[label]!.push(row));
  const orders = classNames.map((name, label) => {
    const rows = rowsOf[label]!;
    const stream = openStream(splitSeed, "split", "folder", name);
    return permutation(rows.length, stream).map((at) => rows[at]!);
  });
  const quotas = orders.map(({ length }) =>
    Math.min(
      Math.max(1, Math.floor(length / testShare)),
      // The only image of a class is to train on.
      Math.max(0, length - 1),
    )
  );
  return { orders, quotas };
}
