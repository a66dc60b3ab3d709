import type { Dataset, Split } from "../data/dataset.ts";
import { requireLabels } from "../data/require_lists.ts";
import { groupPairs, type RowGroup } from "./search/group_pairs.ts";
import type { NearPair } from "./search/near_duplicates.ts";
import {
  type DuplicateOptions,
  equalPairs,
  type FoundDuplicates,
  searchDuplicates,
} from "./search_duplicates.ts";

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
  /** Its file, relative to the data folder, where it has one. */
  path?: string;
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

/**
 * Finds the duplicates in a data set: within the training split, within the
 * test split and across both. Labels are only reported.
 *
 * @returns Groups in the order of their first images.
 * @throws {RangeError} If `maxDifference` is out of range, there is no such search,
 * the images are too small to find near duplicates, their pixels are not as many as
 * `rows` and the shape say, or a label is of no class.
 */
export async function findDuplicates(
  dataset: Dataset,
  options: DuplicateOptions = {},
): Promise<Duplicates> {
  for (const { labels } of [dataset.train, dataset.test]) {
    requireLabels(labels, dataset.classNames.length);
  }
  return listDuplicates(dataset, await searchDuplicates(dataset, options));
}

/** The groups of what a search has found, exact and near ones apart. */
export function listDuplicates(
  dataset: Dataset,
  found: FoundDuplicates,
): Duplicates {
  const equal = equalPairs(found);
  const nearRows = new Set(
    found.near.flatMap((pair) => [pair.first, pair.second]),
  );
  const describe = (pairs: NearPair[]) =>
    groupPairs(found.images.rows, pairs).map((group) =>
      describeGroup(group, dataset)
    );
  return {
    exact: describe(equal),
    near: describe([
      ...found.near,
      ...equal.filter(({ first }) => nearRows.has(first)),
    ]),
    nearPairs: found.near.length,
  };
}

function describeGroup(
  { rows, difference }: RowGroup,
  dataset: Dataset,
): DuplicateGroup {
  const images = rows.map((at) => placeOf(at, dataset));
  return { place: placeOfGroup(images), difference, images };
}

/** Whether images, training images first, are in one split or in both. */
export function placeOfGroup(images: readonly ImagePlace[]): GroupPlace {
  const [first, last] = [images[0]!.split, images.at(-1)!.split];
  return first === last ? first : "across";
}

/** The place of an image by its row among the training, then the test images. */
export function placeOf(
  at: number,
  { train, test, classNames }: Dataset,
): ImagePlace {
  const split = at < train.rows ? "train" : "test";
  const images = split === "train" ? train : test;
  const row = split === "train" ? at : at - train.rows;
  const label = classNames[images.labels[row]!]!;
  const path = images.paths?.[row];
  return { split, row, label, ...(path !== undefined && { path }) };
}
