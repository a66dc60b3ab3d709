import type { Dataset, LabelledImages, Split } from "../data/dataset.ts";
import { joinImages } from "../data/join_images.ts";
import { selectRows } from "../data/limit_rows.ts";
import { firstOfEach } from "./search/exact_duplicates.ts";
import { groupPairs, type RowGroup } from "./search/group_pairs.ts";
import {
  findNearPairs,
  type NearOptions,
  type NearPair,
} from "./search/near_duplicates.ts";

/** Whether the images of a group are in one split, or in both. */
export type GroupPlace = Split | "across";

/** The place of an image in a data set. */
export interface ImagePlace {
  /** Its split. */
  split: Split;
  /** Its row in the split. */
  row: number;
  /** Name of its class. */
  label: string;
}

/** Images that are duplicates of each other, directly or through others. */
export interface DuplicateGroup {
  /** Whether they are in one split or in both. */
  place: GroupPlace;
  /** Largest pixel difference of the pairs that join it; 0: equal. */
  difference: number;
  /** Two images or more, training images first, in order. */
  images: ImagePlace[];
}

/** The duplicates within a data set. */
export interface Duplicates {
  /** Groups of images equal in every pixel. */
  exact: DuplicateGroup[];
  /** Groups of nearly equal images, and of images equal to these. */
  near: DuplicateGroup[];
  /** Pairs of nearly equal images, where equal images count once. */
  nearPairs: number;
}

/** What to find. */
export interface DuplicateOptions extends NearOptions {
  /** Whether to find near duplicates also; default true. */
  readonly near?: boolean | undefined;
}

/**
 * Finds the duplicates in a data set: within the training split, within the
 * test split and across both. Labels are only reported.
 *
 * @returns Groups in the order of their first images.
 * @throws {RangeError} If `maxDifference` is out of range, or the images are too
 * small to find near duplicates.
 */
export async function findDuplicates(
  dataset: Dataset,
  { near = true, ...options }: DuplicateOptions = {},
): Promise<Duplicates> {
  const images = joinImages([dataset.train, dataset.test]);
  const firsts = firstOfEach(images);
  const equal: NearPair[] = [];
  firsts.forEach((first, second) => {
    if (first !== second) equal.push({ first, second, difference: 0 });
  });
  const alike = near ? await nearPairs(dataset, images, firsts, options) : [];
  const nearRows = new Set(alike.flatMap((pair) => [pair.first, pair.second]));
  const describe = (pairs: NearPair[]) =>
    groupPairs(images.rows, pairs).map((group) =>
      describeGroup(group, dataset)
    );
  return {
    exact: describe(equal),
    near: describe([
      ...alike,
      ...equal.filter(({ first }) => nearRows.has(first)),
    ]),
    nearPairs: alike.length,
  };
}

/** Near pairs of the images that do not equal an earlier one. */
async function nearPairs(
  { shape }: Dataset,
  images: LabelledImages,
  firsts: Uint32Array,
  options: NearOptions,
): Promise<NearPair[]> {
  const distinct = firsts.filter((first, row) => first === row);
  const pairs = await findNearPairs(
    distinct.length === images.rows ? images : selectRows(images, distinct),
    shape,
    options,
  );
  return pairs.map(({ first, second, difference }) => ({
    first: distinct[first]!,
    second: distinct[second]!,
    difference,
  }));
}

function describeGroup(
  { rows, difference }: RowGroup,
  { train, test, classNames }: Dataset,
): DuplicateGroup {
  const images = rows.map((at): ImagePlace => {
    const split = at < train.rows ? "train" : "test";
    const row = split === "train" ? at : at - train.rows;
    const label = classNames[(split === "train" ? train : test).labels[row]!]!;
    return { split, row, label };
  });
  const [first, last] = [images[0]!.split, images.at(-1)!.split];
  return { place: first === last ? first : "across", difference, images };
}
