import type { Dataset, LabelledImages } from "../data/dataset.ts";
import { joinImages } from "../data/join_images.ts";
import { selectRows } from "../data/limit_rows.ts";
import { firstOfEach } from "./search/exact_duplicates.ts";
import {
  findNearPairs,
  type NearOptions,
  type NearPair,
} from "./search/near_duplicates.ts";

/** What to find. */
export interface DuplicateOptions extends NearOptions {
  /** Whether to find near duplicates also; default true. */
  readonly near?: boolean | undefined;
}

/** The duplicates among the images of a data set, as rows. */
export interface FoundDuplicates {
  /** The images searched: the training images, then the test images. */
  readonly images: LabelledImages;
  /** Row of the first image with the same pixels, shape `[rows]`. */
  readonly firsts: Uint32Array;
  /** Pairs of nearly equal images, among the first images of equal ones. */
  readonly near: readonly NearPair[];
}

/**
 * Searches a data set for images that are equal or nearly equal, in both splits
 * together.
 *
 * @throws {RangeError} If `maxDifference` is out of range, or the images are too
 * small to find near duplicates.
 */
export async function searchDuplicates(
  { shape, train, test }: Pick<Dataset, "shape" | "train" | "test">,
  { near = true, ...options }: DuplicateOptions = {},
): Promise<FoundDuplicates> {
  const images = joinImages([train, test]);
  const firsts = firstOfEach(images);
  if (!near) return { images, firsts, near: [] };
  const distinct = firsts.filter((first, row) => first === row);
  const pairs = await findNearPairs(
    distinct.length === images.rows ? images : selectRows(images, distinct),
    shape,
    options,
  );
  return {
    images,
    firsts,
    near: pairs.map(({ first, second, difference }) => ({
      first: distinct[first]!,
      second: distinct[second]!,
      difference,
    })),
  };
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

/**
 * How much two images differ that are duplicates directly: 0 if they are equal, the
 * difference of the pair that was found, or nothing where they are no duplicates
 * or only by way of others.
 *
 * @returns A function of two different rows.
 */
export function directDifferences(
  { firsts, near }: FoundDuplicates,
): (one: number, other: number) => number | undefined {
  const keyOf = (one: number, other: number) =>
    Math.min(one, other) * firsts.length + Math.max(one, other);
  const differences = new Map(
    near.map(({ first, second, difference }) => [
      keyOf(first, second),
      difference,
    ]),
  );
  return (one, other) => {
    const [a, b] = [firsts[one]!, firsts[other]!];
    return a === b ? 0 : differences.get(keyOf(a, b));
  };
}
