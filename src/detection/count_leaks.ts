import { countPerClass, type Dataset } from "../data/dataset.ts";
import { requireLabels } from "../data/require_lists.ts";
import { leakedRows } from "../data/leaked_rows.ts";

/**
 * Counts test images that leak: that are in a group of duplicates with a training
 * image, as `findDuplicates` with mirroring groups them.
 *
 * @param options `near`: whether near duplicates count, mirrored ones also;
 * default true.
 * @returns Leaking test images by class, shape `[classes]`.
 * @throws {RangeError} If the images are too small for near duplicates, their pixels
 * are not as many as `rows` and the shape say, or a label is of no class.
 */
export async function countLeaks(
  dataset: Dataset,
  options: { near?: boolean | undefined } = {},
): Promise<number[]> {
  const { classNames, test } = dataset;
  requireLabels(test.labels, classNames.length);
  const rows = await leakedRows(dataset, options);
  return countPerClass(
    Uint8Array.from(rows, (row) => test.labels[row]!),
    classNames.length,
  );
}
