import { yieldToEvents } from "../../core/yield_to_events.ts";
import { defaultFeatureDifference } from "../../spec/axes/dedup.ts";
import { type Agreement, openAligner, placementOf } from "./align_images.ts";
import { indexFeatures } from "./feature_index.ts";
import type { Images, ImageShape } from "./images.ts";
import { mergeChannels } from "./merge_channels.ts";
import type { NearOptions, NearPair } from "./near_duplicates.ts";
import {
  baseWindow,
  featureCount,
  openWindowFeatures,
  windows,
} from "./window_features.ts";
import { toWorkingImages } from "./working_images.ts";

/** Two images that are nearly the same, and how one lies on the other. */
export interface AlignedPair extends NearPair {
  readonly alignment: PairAlignment;
}

/** How one image of a pair lies on the other. */
export interface PairAlignment extends Agreement {
  /** Whether the later image is moved onto the earlier one. */
  readonly movesSecond: boolean;
}

/** Least cosine of the features of windows that are looked at more closely. */
const LEAST_COSINE = 0.8;

/** Most images that are compared with each by their pixels, the most similar. */
const MOST_COMPARED = 24;

/** Least correlation of details of two pictures of one thing. */
const LEAST_DETAILS = 0.76;

interface Candidate {
  readonly moved: number;
  readonly still: number;
  readonly window: number;
  readonly mirrored: boolean;
}

/**
 * Finds pairs of images that show one picture, of which one may be a part of the
 * other, with another scale, aspect ratio, brightness, contrast or quality: images
 * are compared by the cosine of features of many windows of one with those of the
 * middle of the other, the most similar are aligned, and a pair is what then
 * agrees in its pixels and, apart from these, in its details.
 *
 * Most such pairs are found, not all: the features of a query are compared with
 * those in the nearest lists, and an image with the 24 that are most similar.
 *
 * @param all Distinct images: n equal ones make n(n-1)/2 pairs.
 * @param fullShape Height, width and channels.
 * @returns Pairs in ascending order of `second`, then `first`.
 */
export async function findFeaturePairs(
  all: Images,
  fullShape: ImageShape,
  {
    maxDifference = defaultFeatureDifference,
    mirrored = false,
    onProgress,
  }: NearOptions = {},
): Promise<AlignedPair[]> {
  const { images: merged, shape } = mergeChannels(all, fullShape);
  const images = toWorkingImages(merged, shape);
  const { rows } = images;
  const features = openWindowFeatures(images);
  const bases = new Float32Array(rows * featureCount);
  const isIndexed = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    isIndexed[row] = Number(features.writeBase(row, bases, row * featureCount));
  }
  const index = indexFeatures(bases, featureCount, isIndexed);
  const aligner = openAligner(images);
  const query = new Float32Array(featureCount);
  /** The largest cosine of each row with the query image, and where. */
  const cosines = new Float32Array(rows);
  const places = new Int32Array(rows);
  const best = new Map<number, AlignedPair>();
  const flips = mirrored ? [false, true] : [false];
  for (let row = 0; row < rows; row++) {
    if (row % 16 === 0) {
      await onProgress?.(row / rows);
      await yieldToEvents();
    }
    for (const { still, window, mirrored } of candidatesOf(row)) {
      const key = Math.max(row, still) * rows + Math.min(row, still);
      const known = best.get(key);
      const agreement = aligner.align(
        row,
        still,
        placementOf(windows[window]!, baseWindow, mirrored),
      );
      if (
        agreement === undefined || agreement.details < LEAST_DETAILS ||
        agreement.difference > (known?.difference ?? maxDifference)
      ) continue;
      best.set(key, {
        first: Math.min(row, still),
        second: Math.max(row, still),
        difference: agreement.difference,
        alignment: { ...agreement, movesSecond: row > still },
      });
    }
  }
  return [...best.keys()].sort((a, b) => a - b).map((key) => best.get(key)!);

  /** The images that are most similar to a window of one. */
  function candidatesOf(row: number): Candidate[] {
    const touched: number[] = [];
    for (let at = 0; at < windows.length; at++) {
      for (const mirrored of flips) {
        if (!features.write(row, { index: at, mirrored }, query, 0)) continue;
        index.forEachNear(query, LEAST_COSINE, (other, cosine) => {
          if (other === row) return;
          if (cosines[other] === 0) touched.push(other);
          if (cosine <= cosines[other]!) return;
          cosines[other] = cosine;
          places[other] = 2 * at + Number(mirrored);
        });
      }
    }
    const found = touched.sort((a, b) => cosines[b]! - cosines[a]! || a - b)
      .slice(0, MOST_COMPARED)
      .map((still) => ({
        moved: row,
        still,
        window: places[still]! >> 1,
        mirrored: places[still]! % 2 === 1,
      }));
    for (const other of touched) cosines[other] = 0;
    return found;
  }
}
