import { yieldToEvents } from "../../core/yield_to_events.ts";
import { UsageError } from "../../core/errors.ts";
import { defaultMaxDifference } from "../../spec/axes/dedup.ts";
import type { Images, ImageShape } from "./images.ts";
import { indexHashes } from "./hash_index.ts";
import { mergeChannels } from "./merge_channels.ts";
import { hashImages } from "./perceptual_hash.ts";
import { pixelDifference } from "./pixel_difference.ts";
import { listPoses } from "./pose.ts";
import { requirePixels } from "./require_pixels.ts";

/** Two images that are nearly the same. */
export interface NearPair {
  /** Row of the earlier image. */
  readonly first: number;
  /** Row of the later image. */
  readonly second: number;
  /** Smallest `pixelDifference` over the poses with similar hashes. */
  readonly difference: number;
}

/** Options of the search for near duplicates. */
export interface NearOptions {
  /** Largest pixel difference of near duplicates, in `[0, 1]`. */
  readonly maxDifference?: number | undefined;
  /** Whether mirror images count; default false. */
  readonly mirrored?: boolean | undefined;
  /** Called often, and awaited, with the share of the work done, in `[0, 1]`. */
  readonly onProgress?: ((share: number) => void | Promise<void>) | undefined;
}

/** Rows that are searched together, between two reports of progress. */
const BLOCK_ROWS = 2 ** 14;

/** Most pairs whose second images are in one block: a map holds no more. */
const MOST_PAIRS = 2 ** 24;

/**
 * Finds pairs of images that differ by a shift of up to 2 pixels in each
 * direction, by brightness or by slight noise such as that of JPEG: those whose
 * perceptual hashes are at most 7 of 48 bits apart in one of 25 poses (50 with
 * mirroring) and whose pixels, aligned in that pose, differ by at most
 * `maxDifference`. No such pair is missed. The time grows with the square of the
 * rows, but 60,000 take seconds.
 *
 * @param all Distinct images: n equal ones make n(n-1)/2 pairs.
 * @param fullShape Height, width and channels; both sides at least 11 pixels.
 * @returns Pairs in ascending order of `second`, then `first`.
 * @throws {RangeError} If `maxDifference` is out of range, the images are too small,
 * or their pixels are not as many as `rows` and the shape say.
 * @throws {UsageError} If there are more than 2^24 pairs in a block of rows, as
 * among 5,794 images that are all nearly equal.
 */
export async function findNearPairs(
  all: Images,
  fullShape: ImageShape,
  options: NearOptions = {},
): Promise<NearPair[]> {
  const { maxDifference = defaultMaxDifference, mirrored = false, onProgress } =
    options;
  if (!(maxDifference >= 0 && maxDifference <= 1)) {
    throw new RangeError(
      `"maxDifference" must be in [0, 1], got ${maxDifference}`,
    );
  }
  requirePixels("pixels", all, fullShape);
  const { images, shape } = mergeChannels(all, fullShape);
  const index = indexHashes(hashImages(images, shape));
  const poses = listPoses(mirrored);
  const pairs: NearPair[] = [];
  const { rows } = images;
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(rows, from + BLOCK_ROWS);
    /** The least difference of each pair, by `second * rows + first`. */
    const best = new Map<number, number>();
    for (const [i, pose] of poses.entries()) {
      index.forEachNearBlock({ from, to }, pose, (second, first) => {
        const difference = pixelDifference(images.pixels, shape, {
          moved: second,
          still: first,
          pose,
        });
        const key = second * rows + first;
        const known = best.get(key);
        if (difference > Math.min(maxDifference, known ?? 1)) return;
        if (known === undefined && best.size === MOST_PAIRS) throw tooMany();
        best.set(key, difference);
      });
      // An image is compared with all earlier ones: the work grows as the square.
      const done = from ** 2 + (to ** 2 - from ** 2) * (i + 1) / poses.length;
      await onProgress?.(done / rows ** 2);
      await yieldToEvents();
    }
    for (const key of [...best.keys()].sort((a, b) => a - b)) {
      pairs.push({
        first: key % rows,
        second: Math.floor(key / rows),
        difference: best.get(key)!,
      });
    }
  }
  return pairs;
}

function tooMany(): UsageError {
  return new UsageError(
    `More than ${
      MOST_PAIRS.toLocaleString("en")
    } pairs of images are nearly equal, which is too many to compare: search for equal images only, or among fewer images`,
  );
}
