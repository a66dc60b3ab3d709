import type { DedupName } from "../spec/axes/dedup.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { selectRows } from "../data/limit_rows.ts";
import { firstOfEach } from "./exact_duplicates.ts";
import { findNearPairs, type NearOptions } from "./near_duplicates.ts";

/**
 * Removes duplicates: goes through the images in order and keeps each that is
 * no duplicate of one kept before. So every image removed has a duplicate that
 * stays, and no chain of small differences takes away what is unlike.
 *
 * @param method `exact`: equal in every pixel; `near`: nearly equal, too.
 * @returns Rows that stay, ascending.
 */
export async function distinctRows(
  images: LabelledImages,
  shape: Dataset["shape"],
  { method, ...options }: NearOptions & { method: DedupName },
): Promise<Uint32Array> {
  const firsts = method === "none" ? undefined : firstOfEach(images);
  const rows = Uint32Array.from({ length: images.rows }, (_, row) => row)
    .filter((row) => firsts === undefined || firsts[row] === row);
  if (method !== "near") return rows;
  const pairs = await findNearPairs(selectRows(images, rows), shape, options);
  const removed = new Uint8Array(rows.length);
  // In ascending order of the second, so that a first is settled by then.
  for (const { first, second } of pairs) {
    if (!removed[first]) removed[second] = 1;
  }
  return rows.filter((_, at) => !removed[at]);
}
