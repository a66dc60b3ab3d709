import type { ImageShape } from "./images.ts";
import type { Pose } from "./pose.ts";

/**
 * Visits the pixels that both images cover when one is moved onto the other, row
 * by row.
 *
 * @param visit Given where the pixel of the still image begins within it, and
 * that of the moved image within that one.
 */
export function forEachAligned(
  [height, width, channels]: ImageShape,
  pose: Pose,
  visit: (still: number, moved: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    const fromY = y - pose.down;
    if (fromY < 0 || fromY >= height) continue;
    for (let x = 0; x < width; x++) {
      const shifted = x - pose.right;
      if (shifted < 0 || shifted >= width) continue;
      const fromX = pose.mirrored ? width - 1 - shifted : shifted;
      visit((y * width + x) * channels, (fromY * width + fromX) * channels);
    }
  }
}
