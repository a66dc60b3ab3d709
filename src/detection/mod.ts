/**
 * Finds the images of a data set that are duplicates of one another: exact (equal
 * in every pixel) or near (nearly equal, also when mirrored or shifted). Nothing
 * here loads TensorFlow.js.
 *
 * `findDuplicates` searches training and test images and reports groups;
 * `countLeaks` counts test images with a duplicate among the training images;
 * `distinctRows` lists the rows that are kept when duplicates are removed;
 * `findNearPairs` is the search itself, for images from any source. Near
 * duplicates are found by perceptual hashes and confirmed by the largest
 * difference of their pixels.
 *
 * @example Find exact duplicates
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findDuplicates } from "@dupbench/dupbench/detection";
 *
 * const pixels = new Uint8Array(3 * 32 * 32 * 3);
 * pixels.fill(200, 2 * 32 * 32 * 3); // Images 0 and 1 are equal, 2 is not.
 * const { exact } = await findDuplicates({
 *   name: "three images",
 *   classNames: ["grey"],
 *   shape: [32, 32, 3],
 *   train: { pixels, labels: new Uint8Array(3), rows: 3 },
 *   test: { pixels: new Uint8Array(), labels: new Uint8Array(), rows: 0 },
 * }, { near: false });
 * assertEquals(exact.map(({ images }) => images.map(({ row }) => row)), [[0, 1]]);
 * ```
 *
 * @module
 */
export { UsageError } from "../core/errors.ts";
export type { FaultOptions } from "../core/errors.ts";
export { countLeaks } from "./count_leaks.ts";
export { distinctRows } from "./distinct_rows.ts";
export { findDuplicates } from "./find_duplicates.ts";
export { findNearPairs } from "./search/near_duplicates.ts";
export type { Dataset, LabelledImages, Split } from "../data/dataset.ts";
export type { FolderReading } from "../data/folder/folder_reading.ts";
export type { Images, ImageShape } from "./search/images.ts";
export type { NearOptions, NearPair } from "./search/near_duplicates.ts";
export type { DedupName } from "../spec/names.ts";
export type { DuplicateOptions } from "./search_duplicates.ts";
export type { SearchMethod } from "./search_methods.ts";
export type {
  DuplicateGroup,
  Duplicates,
  GroupPlace,
  ImagePlace,
} from "./find_duplicates.ts";
