import { requireOneOf } from "../core/require_one_of.ts";
import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { joinImages } from "../data/join_images.ts";
import { selectRows } from "../data/limit_rows.ts";
import { firstOfEach } from "./search/exact_duplicates.ts";
import {
  findFeaturePairs,
  type PairAlignment,
} from "./search/feature_pairs.ts";
import {
  findNearPairs,
  type NearOptions,
  type NearPair,
} from "./search/near_duplicates.ts";
import { type SearchMethod, searchMethods } from "./search_methods.ts";
import { requirePixels } from "./search/require_pixels.ts";
import { openRootRows } from "./search/root_rows.ts";

/** What to find. */
export interface DuplicateOptions extends NearOptions {
  /** Whether to find near duplicates also; default true. */
  readonly near?: boolean | undefined;
  /**
   * `hashes`, the default: images that differ by a shift of up to 2 pixels, by
   * brightness or by slight noise. `features`: those also of which one is a part of
   * the other, or has another scale, aspect ratio or quality; see
   * `findFeaturePairs`.
   */
  readonly search?: SearchMethod | undefined;
}

/** A pair of nearly equal images, and how one lies on the other, if known. */
export interface FoundPair extends NearPair {
  /** Known of pairs that only their features found. */
  readonly alignment?: PairAlignment;
}

/** The duplicates among the images of a data set, as rows. */
export interface FoundDuplicates {
  /** The images searched: the training images, then the test images. */
  readonly images: LabelledImages;
  /** Row of the first image with the same pixels, shape `[rows]`. */
  readonly firsts: Uint32Array;
  /** Pairs of nearly equal images, among the first images of equal ones. */
  readonly near: readonly FoundPair[];
}

/**
 * Searches a data set for images that are equal or nearly equal, in both splits
 * together.
 *
 * @throws {RangeError} If `maxDifference` is out of range, there is no such search,
 * the images are too small to find near duplicates, or their pixels are not as many
 * as `rows` and the shape say.
 */
export async function searchDuplicates(
  { shape, train, test }: Pick<Dataset, "shape" | "train" | "test">,
  { near = true, search = "hashes", ...options }: DuplicateOptions = {},
): Promise<FoundDuplicates> {
  requireOneOf("search", search, searchMethods);
  requirePixels("train", train, shape);
  requirePixels("test", test, shape);
  const images = joinImages([train, test]);
  const firsts = firstOfEach(images);
  if (!near) return { images, firsts, near: [] };
  const distinct = firsts.filter((first, row) => first === row);
  const searched = distinct.length === images.rows
    ? images
    : selectRows(images, distinct);
  const pairs = search === "hashes"
    ? await findNearPairs(searched, shape, options)
    : await findByBoth(searched, shape, options);
  return {
    images,
    firsts,
    near: pairs.map(({ first, second, ...pair }) => ({
      first: distinct[first]!,
      second: distinct[second]!,
      ...pair,
    })),
  };
}

/** What hashes find, and what features find besides, in the order of both. */
async function findByBoth(
  images: LabelledImages,
  shape: Dataset["shape"],
  { onProgress, ...options }: NearOptions,
): Promise<FoundPair[]> {
  // Hashes take a small part of the time.
  const byHashes = await findNearPairs(images, shape, options);
  const byFeatures = await findFeaturePairs(images, shape, {
    ...options,
    onProgress,
  });
  const keyOf = ({ first, second }: NearPair) => second * images.rows + first;
  const known = new Set(byHashes.map(keyOf));
  return [...byHashes, ...byFeatures.filter((pair) => !known.has(keyOf(pair)))]
    .sort((a, b) => keyOf(a) - keyOf(b));
}

/** Each image that equals an earlier one, with the first such. */
export function equalPairs(
  { firsts }: Pick<FoundDuplicates, "firsts">,
): NearPair[] {
  const pairs: NearPair[] = [];
  firsts.forEach((first, second) => {
    if (first !== second) pairs.push({ first, second, difference: 0 });
  });
  return pairs;
}

/** Alignments by pair, once they were asked for. */
const alignmentsOf = new WeakMap<
  readonly FoundPair[],
  ReadonlyMap<number, PairAlignment>
>();

/**
 * How two images that features found as a pair lie on each other; `undefined` of
 * others.
 */
export function alignmentOf(
  { firsts, near }: Pick<FoundDuplicates, "firsts" | "near">,
  one: number,
  other: number,
): PairAlignment | undefined {
  const keyOf = (first: number, second: number) =>
    second * firsts.length + first;
  let alignments = alignmentsOf.get(near);
  if (alignments === undefined) {
    alignments = new Map(
      near.flatMap(({ first, second, alignment }) =>
        alignment ? [[keyOf(first, second), alignment] as const] : []
      ),
    );
    alignmentsOf.set(near, alignments);
  }
  const [a, b] = [firsts[one]!, firsts[other]!];
  return alignments.get(keyOf(Math.min(a, b), Math.max(a, b)));
}

/** Which images are duplicates directly, and not only by way of others. */
export interface DirectDuplicates {
  /** The first row with the same pixels. */
  firstOf(row: number): number;
  /** Rows nearly equal to such a first row, with the difference of each pair. */
  nearOf(first: number): ReadonlyMap<number, number>;
}

/** The direct duplicates of each image, of what a search has found. */
export function directDuplicates(
  { firsts, near }: Pick<FoundDuplicates, "firsts" | "near">,
): DirectDuplicates {
  const neighbours = new Map<number, Map<number, number>>();
  const link = (from: number, to: number, difference: number) => {
    const known = neighbours.get(from);
    if (known === undefined) neighbours.set(from, new Map([[to, difference]]));
    else known.set(to, difference);
  };
  for (const { first, second, difference } of near) {
    link(first, second, difference);
    link(second, first, difference);
  }
  const none: ReadonlyMap<number, number> = new Map();
  return {
    firstOf: (row) => firsts[row]!,
    nearOf: (first) => neighbours.get(first) ?? none,
  };
}

/**
 * What was found among the first images alone, as among the training images of
 * those of both splits: a pair is found whatever other images there are.
 *
 * @param rows Number of these images.
 * @param options `near`: whether near duplicates remain.
 */
export function foundAmongFirst(
  { images, firsts, near: pairs }: FoundDuplicates,
  rows: number,
  { near }: { near: boolean },
): FoundDuplicates {
  const { pixels, labels } = images;
  const size = pixels.length / Math.max(1, images.rows);
  return {
    images: {
      pixels: pixels.subarray(0, rows * size),
      labels: labels.subarray(0, rows),
      rows,
    },
    firsts: firsts.subarray(0, rows),
    near: near ? pairs.filter(({ second }) => second < rows) : [],
  };
}

/**
 * The test images that leak: that are in a group with a training image; as
 * `leakedRows` of `data`, where mirror images were searched.
 *
 * @param trainRows Number of training images, which come first.
 * @returns Rows of the test split, ascending.
 */
export function leaksFound(
  found: FoundDuplicates,
  trainRows: number,
): Uint32Array {
  const { rootOf, join } = openRootRows(found.images.rows);
  for (const { first, second } of [...equalPairs(found), ...found.near]) {
    join(first, second);
  }
  // The root is the lowest row of its group.
  return Uint32Array.from(
    { length: found.images.rows - trainRows },
    (_, row) => row,
  ).filter((row) => rootOf(trainRows + row) < trainRows);
}
