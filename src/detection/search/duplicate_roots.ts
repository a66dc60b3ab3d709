import { yieldToEvents } from "../../core/yield_to_events.ts";
import { defaultMaxDifference } from "../../spec/axes/dedup.ts";
import { firstOfEach } from "./exact_duplicates.ts";
import { indexHashes } from "./hash_index.ts";
import type { Images, ImageShape } from "./images.ts";
import { mergeChannels } from "./merge_channels.ts";
import {
  hashImages,
  type PerceptualHashes,
  positions,
} from "./perceptual_hash.ts";
import { pixelDifference } from "./pixel_difference.ts";
import { listPoses } from "./pose.ts";
import { openRootRows } from "./root_rows.ts";

/** Which duplicates join a group. */
export interface RootOptions {
  /** Whether near duplicates do, mirrored ones also; default true. */
  readonly near?: boolean | undefined;
  /**
   * Whether to compare each pair in both orders, so that the groups do not depend
   * on the order of the images; default false, as `findNearPairs` does. Of two
   * images the earlier is not moved, and near the limit a pair may be found in
   * one order only.
   */
  readonly bothOrders?: boolean | undefined;
}

/** Rows searched between two chances for other work. */
const BREATH_ROWS = 16;

/** Rows hashed between two such chances. */
const HASH_ROWS = 1000;

/**
 * Groups images that are duplicates of each other, exact or near, directly or
 * through others: the connected components of equal images and of the pairs of
 * `findNearPairs` with mirroring. Pairs within a group are not compared again, so
 * that a large group costs little.
 *
 * @returns The lowest row of the group of each row, shape `[rows]`.
 * @throws {RangeError} If the images are too small for near duplicates.
 */
export async function duplicateRoots(
  all: Images,
  fullShape: ImageShape,
  { near = true, bothOrders = false }: RootOptions = {},
): Promise<Uint32Array> {
  const groups = openRootRows(all.rows);
  const firsts = firstOfEach(all);
  firsts.forEach((first, row) => groups.join(first, row));
  if (near) await joinNear();
  return firsts.map((_, row) => groups.rootOf(row));

  async function joinNear(): Promise<void> {
    const { images, shape } = mergeChannels(all, fullShape);
    const { rows } = images;
    const index = indexHashes(await hashInBlocks(images, shape));
    const poses = listPoses(true);
    for (let row = 0; row < rows; row++) {
      if (row % BREATH_ROWS === 0) await yieldToEvents();
      if (firsts[row] !== row) continue;
      for (const pose of poses) {
        index.forEachNear(row, pose, (other) => {
          if (
            firsts[other] !== other ||
            groups.rootOf(other) === groups.rootOf(row)
          ) return;
          const difference = pixelDifference(images.pixels, shape, {
            moved: row,
            still: other,
            pose,
          });
          if (difference <= defaultMaxDifference) groups.join(row, other);
        }, bothOrders ? rows : row);
      }
    }
  }
}

/** The hashes of `hashImages`, with chances for other work. */
async function hashInBlocks(
  { pixels, rows }: Images,
  shape: ImageShape,
): Promise<PerceptualHashes> {
  const size = pixels.length / Math.max(1, rows);
  const low = new Uint32Array(rows * positions);
  const high = new Uint32Array(rows * positions);
  for (let from = 0; from < rows; from += HASH_ROWS) {
    await yieldToEvents();
    const end = Math.min(rows, from + HASH_ROWS);
    const block = {
      pixels: pixels.subarray(from * size, end * size),
      rows: end - from,
    };
    const hashes = hashImages(block, shape);
    low.set(hashes.low, from * positions);
    high.set(hashes.high, from * positions);
  }
  return { low, high, rows };
}
