import { countPerClass, type Dataset } from "../data/dataset.ts";
import { joinImages } from "../data/join_images.ts";
import { duplicateRoots } from "./search/duplicate_roots.ts";

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
  { shape, classNames, train, test }: Dataset,
  { near }: { near?: boolean | undefined } = {},
): Promise<number[]> {
  const roots = await duplicateRoots(joinImages([train, test]), shape, {
    near,
  });
  // The root is the lowest row of its group, and training images come first.
  const isLeak = (_: number, row: number) =>
    roots[train.rows + row]! < train.rows;
  return countPerClass(test.labels.filter(isLeak), classNames.length);
}
