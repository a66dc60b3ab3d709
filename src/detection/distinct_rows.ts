import { requireOneOf } from "../core/require_one_of.ts";
import type { DedupName } from "../spec/axes/dedup.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { selectRows } from "../data/limit_rows.ts";
import { firstOfEach } from "./search/exact_duplicates.ts";
import { requirePixels } from "./search/require_pixels.ts";
import { findNearPairs, type NearOptions } from "./search/near_duplicates.ts";

/**
 * Removes duplicates: goes through the images in order and keeps each that is
 * not a duplicate of one kept before. So every removed image has a duplicate
 * that remains, and no chain of small differences removes a different image.
 *
 * @param options `method`: what counts as a duplicate, and its numbers.
 * @returns Rows that remain, ascending.
 * @throws {RangeError} If there is no such method, or the pixels are not as many as
 * `rows` and the shape say; for the method `near` also as `findNearPairs`.
 */
export async function distinctRows(
  images: LabelledImages,
  shape: Dataset["shape"],
  { method, ...options }: NearOptions & { method: DedupName },
): Promise<Uint32Array> {
  requireOneOf("method", method, Object.keys(methods));
  requirePixels("pixels", images, shape);
  return await methods[method](images, shape, options);
}

const methods: Readonly<
  Record<
    DedupName,
    (
      images: LabelledImages,
      shape: Dataset["shape"],
      options: NearOptions,
    ) => Uint32Array | Promise<Uint32Array>
  >
> = { "none": allRows, "exact": distinctExactRows, "near": distinctNearRows };

function allRows({ rows }: LabelledImages): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

function distinctExactRows(images: LabelledImages): Uint32Array {
  return firstOfEach(images).filter((first, row) => first === row);
}

async function distinctNearRows(
  images: LabelledImages,
  shape: Dataset["shape"],
  options: NearOptions,
): Promise<Uint32Array> {
  const rows = distinctExactRows(images);
  const pairs = await findNearPairs(selectRows(images, rows), shape, options);
  const removed = new Uint8Array(rows.length);
  // In ascending order of the second, so that the first is decided by then.
  for (const { first, second } of pairs) {
    if (!removed[first]) removed[second] = 1;
  }
  return rows.filter((_, at) => !removed[at]);
}
