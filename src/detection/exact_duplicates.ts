import { createHash } from "node:crypto";
import type { LabelledImages } from "../data/dataset.ts";

/**
 * Finds, for every image, the first one with the same pixels, by SHA-256 over
 * them: two images of one size that differ in any byte differ in it.
 *
 * @returns Row of the first image of that content, shape `[rows]`; an image
 * without an equal before it has its own.
 */
export function firstOfEach({ pixels, rows }: LabelledImages): Uint32Array {
  const size = pixels.length / Math.max(1, rows);
  const first = new Uint32Array(rows);
  const seen = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const digest = createHash("sha256")
      .update(pixels.subarray(row * size, (row + 1) * size)).digest("base64");
    const before = seen.get(digest);
    if (before === undefined) seen.set(digest, row);
    first[row] = before ?? row;
  }
  return first;
}
