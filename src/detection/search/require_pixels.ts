import { requireCount } from "../../core/require_count.ts";
import type { Images, ImageShape } from "./images.ts";

/**
 * Requires that images have as many pixels as their number and shape say: a search
 * would otherwise compare what is no image, or never end.
 *
 * @param name What the caller calls them, such as `train`.
 * @throws {RangeError} If a number of the shape is not an integer of at least 1, the
 * rows are not an integer of at least 0, or the pixels are fewer or more.
 */
export function requirePixels(
  name: string,
  { pixels, rows }: Images,
  [height, width, channels]: ImageShape,
): void {
  for (const [side, value] of Object.entries({ height, width, channels })) {
    requireCount(side, value);
  }
  if (
    Number.isInteger(rows) && pixels.length === rows * height * width * channels
  ) return;
  throw new RangeError(
    `"${name}" must have ${rows} x ${height} x ${width} x ${channels} pixels, got ${pixels.length}`,
  );
}
