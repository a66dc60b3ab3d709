import type { AttackedImages, TestOutcome } from "./result_set_types.ts";

/**
 * The test images that the scores under attack and in the worst case count: some
 * of them where the study says so, otherwise all. The other scores count all.
 */
export function attackedImagesOf(
  { attacked, rows, rowsPerClass }: Pick<
    TestOutcome,
    "attacked" | "rows" | "rowsPerClass"
  >,
): AttackedImages {
  return attacked ?? { rows, rowsPerClass };
}

/**
 * How many images of each class a class-balanced subset has: the classes take
 * turns, in the order of their labels, except for those that are used up.
 *
 * @param perClass All images by class, shape `[classes]`.
 * @param count Images of the subset, in `[0, sum of perClass]`.
 */
export function balancedCounts(
  perClass: readonly number[],
  count: number,
): number[] {
  const counts = perClass.map(() => 0);
  let left = count;
  while (left > 0) {
    const open = perClass.flatMap((rows, label) =>
      counts[label]! < rows ? [label] : []
    );
    if (open.length === 0) break;
    // Whole turns at once, as long as no class is used up.
    const fewest = Math.min(
      ...open.map((label) => perClass[label]! - counts[label]!),
    );
    const turns = Math.min(fewest, Math.floor(left / open.length));
    const taking = turns === 0 ? open.slice(0, left) : open;
    for (const label of taking) counts[label]! += Math.max(turns, 1);
    left -= taking.length * Math.max(turns, 1);
  }
  return counts;
}
