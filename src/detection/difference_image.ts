import type { Dataset } from "../data/dataset.ts";
import type { MatchedRows } from "./explain_match.ts";
import { type PlacedPair, placePair } from "./place_pair.ts";
import type { Line } from "./search/align_images.ts";
import { alignPair } from "./search/align_pair.ts";
import { forEachAligned } from "./search/for_each_aligned.ts";
import { workingSide } from "./search/working_images.ts";
import type { FoundDuplicates } from "./search_duplicates.ts";

/**
 * What differs between two images as they were searched, the other one moved onto
 * the reference as well as may be: mid grey is no change, and what only one image
 * covers.
 *
 * @param found What was searched and found; images of shape `[rows, h, w, c]`.
 * @param shape Height, width and channels of an image.
 * @param pair `mirrored`: whether mirror images count; `amplification`: by how much
 * a change of a byte is multiplied.
 * @returns Pixels, shape `[h, w, c]`.
 */
export function differenceImage(
  found: FoundDuplicates,
  shape: Dataset["shape"],
  { reference, other, mirrored, amplification }: MatchedRows & {
    mirrored: boolean;
    amplification: number;
  },
): Uint8Array {
  const { images } = found;
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const still = images.pixels.subarray(
    reference * size,
    (reference + 1) * size,
  );
  const moved = images.pixels.subarray(other * size, (other + 1) * size);
  const change = new Uint8ClampedArray(size).fill(128);
  const placed = placePair(found, { reference, other });
  if (placed !== undefined) {
    forEachPlaced(shape, placed, (at, sample) => {
      for (let c = 0; c < channels; c++) {
        change[at + c] = 128 +
          amplification * (sample(moved, c) - still[at + c]!);
      }
    });
    return Uint8Array.from(change);
  }
  const { pose } = alignPair(images, shape, { reference, other, mirrored });
  forEachAligned(shape, pose, (to, from) => {
    for (let c = 0; c < channels; c++) {
      change[to + c] = 128 +
        amplification * (moved[from + c]! - still[to + c]!);
    }
  });
  return Uint8Array.from(change);
}

/** Visits the pixels of the reference that the other image covers. */
function forEachPlaced(
  [height, width, channels]: Dataset["shape"],
  { down, across, mirrored }: PlacedPair,
  visit: (
    at: number,
    sample: (pixels: Uint8Array, channel: number) => number,
  ) => void,
): void {
  const placeOf = ({ scale, shift }: Line, at: number, side: number) =>
    scale * (at + 0.5) + shift * side / workingSide - 0.5;
  for (let y = 0; y < height; y++) {
    const fromY = placeOf(down, y, height);
    if (!(fromY >= 0 && fromY <= height - 1)) continue;
    for (let x = 0; x < width; x++) {
      const placed = placeOf(across, x, width);
      if (!(placed >= 0 && placed <= width - 1)) continue;
      const fromX = mirrored ? width - 1 - placed : placed;
      const [top, left] = [Math.floor(fromY), Math.floor(fromX)];
      const [v, u] = [fromY - top, fromX - left];
      const [below, next] = [Math.ceil(fromY), Math.ceil(fromX)];
      visit((y * width + x) * channels, (pixels, channel) => {
        const value = (row: number, column: number) =>
          pixels[(row * width + column) * channels + channel]!;
        return (1 - v) * ((1 - u) * value(top, left) + u * value(top, next)) +
          v * ((1 - u) * value(below, left) + u * value(below, next));
      });
    }
  }
}
