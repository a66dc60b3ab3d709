import { duplicateRoots } from "../detection/search/duplicate_roots.ts";
import { requirePixels } from "../detection/search/require_pixels.ts";
import type { Dataset } from "./dataset.ts";
import { joinImages } from "./join_images.ts";

/**
 * Finds test images that leak: that are in a group of duplicates with a training
 * image, as `findDuplicates` with mirroring groups them.
 *
 * @param options `near`: whether near duplicates count, mirrored ones also;
 * default true.
 * @returns Rows of the test split, ascending.
 * @throws {RangeError} If the images are too small for near duplicates, or their
 * pixels are not as many as `rows` and the shape say.
 */
export async function leakedRows(
  { shape, train, test }: Pick<Dataset, "shape" | "train" | "test">,
  { near }: { near?: boolean | undefined } = {},
): Promise<Uint32Array> {
  requirePixels("train", train, shape);
  requirePixels("test", test, shape);
  const roots = await duplicateRoots(joinImages([train, test]), shape, {
    near,
  });
  // The root is the lowest row of its group, and training images come first.
  return Uint32Array.from({ length: test.rows }, (_, row) => row)
    .filter((row) => roots[train.rows + row]! < train.rows);
}
