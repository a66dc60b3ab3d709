import { createHash } from "node:crypto";
import type { Images } from "./images.ts";

/**
 * Finds, for every image, the first one with the same pixels, by their SHA-256.
 *
 * @returns Row of the first image with the same pixels, shape `[rows]`: its own,
 * where no earlier one is equal.
 */
export function firstOfEach({ pixels, rows }: Images): Uint32Array {
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
