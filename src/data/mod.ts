/**
 * Data sets as typed arrays: images as bytes, shape `[rows, height, width,
 * channels]`, and labels. Nothing here loads TensorFlow.js.
 *
 * `loadDataset` reads a data set by name, checks it, and limits it to
 * class-balanced subsets. `cifar10-mini` is embedded and needs no files;
 * `folder` reads your own images. The same name, files and limits give the same
 * bytes on every machine, as `digestDataset` shows.
 *
 * @example Load the embedded part of CIFAR-10
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { digestDataset, loadDataset } from "@dupbench/dupbench/data";
 *
 * const dataset = await loadDataset("cifar10-mini", { limitTrain: 100 });
 * assertEquals(dataset.shape, [32, 32, 3]);
 * assertEquals(dataset.train.rows, 100);
 * assertEquals(digestDataset(dataset).trainPerClass[0], 10);
 * ```
 *
 * @module
 */
export { UsageError } from "../core/errors.ts";
export type { FaultOptions } from "../core/errors.ts";
export { countPerClass, digestDataset } from "./dataset.ts";
export { loadDataset } from "./load_dataset.ts";
export { openPixelCache } from "./cache/pixel_cache.ts";
export type { Dataset, DatasetDigest, LabelledImages } from "./dataset.ts";
export type { FolderReading } from "./folder/folder_reading.ts";
export type { DatasetName, LeakRule, SplitRule } from "../spec/names.ts";
export type { Reading } from "../spec/reading.ts";
export type { CacheOptions, PixelCache } from "./cache/pixel_cache.ts";
export type { LoadListener } from "./folder/read_images.ts";
export type { LoadDatasetOptions } from "./load_dataset.ts";
export type { DatasetLimits } from "./limit_dataset.ts";
