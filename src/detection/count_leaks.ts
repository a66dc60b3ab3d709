import { countPerClass, type Dataset } from "../data/dataset.ts";
import { leakedRows } from "../data/leaked_rows.ts";

/**
 * Counts test images that leak: that are in a group of duplicates with a training
 * image, as `findDuplicates` with mirroring groups them.
 *
 * @param options `near`: whether near duplicates count, mirrored ones also;
 * default true.
 * @returns Leaking test images by class, shape `[classes]`.
 * @throws {RangeError} If the images are too small for near duplicates.
 */
export async function countLeaks(
  dataset: Dataset,
  options: { near?: boolean | undefined } = {},
): Promise<number[]> {
  const { classNames, test } = dataset;
  const rows = await leakedRows(dataset, options);
  return countPerClass(
    Uint8Array.from(rows, (row) => test.labels[row]!),
    classNames.length,
  );
}
