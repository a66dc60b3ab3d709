import { UsageError } from "../core/errors.ts";
import {
  classBalancedOrder,
  classBalancedRows,
} from "./class_balanced_rows.ts";
import type { Dataset, LabelledImages, Split } from "./dataset.ts";

/**
 * Keeps a seeded, class-balanced subset of one split of a data set, in the
 * order of the source.
 *
 * @param dataset The whole data set.
 * @param options `split`; `count`: images to keep, in `[1, rows]`.
 * @throws {UsageError} If the count is not an integer in that range.
 */
export function limitRows(
  dataset: Dataset,
  { split, count }: { split: Split; count: number },
): LabelledImages {
  const all = dataset[split];
  requireRows(dataset, {
    split,
    count,
    field: split === "train" ? "limitTrain" : "limitTest",
  });
  if (count === all.rows) return all;
  const classes = dataset.classNames.length;
  const chosen = classBalancedOrder(all.labels, { count, classes, split });
  const sourceRows = chosen.toSorted();
  const rowOf = new Map(Array.from(sourceRows, (source, row) => [source, row]));
  return {
    ...selectRows(all, sourceRows),
    sourceRows,
    chosenOrder: chosen.map((source) => rowOf.get(source)!),
  };
}

/**
 * The test images under attack, where a study limits their number: those that
 * `limitTest` of that number keeps, also where the test images are limited
 * themselves.
 *
 * @param dataset The data set, its test images as loaded or limited.
 * @param count Images to attack, in `[1, rows]`; absent: all.
 * @returns Their rows in the test split, ascending, shape `[count]`.
 * @throws {UsageError} If the count is not an integer in that range.
 */
export function chooseAttackedRows(
  dataset: Pick<Dataset, "name" | "test" | "classNames">,
  count: number | undefined,
): Uint32Array {
  const { rows, labels, chosenOrder } = dataset.test;
  if (count === undefined) {
    return Uint32Array.from({ length: rows }, (_, row) => row);
  }
  requireRows(dataset, { split: "test", count, field: "attackImages" });
  const classes = dataset.classNames.length;
  return chosenOrder?.slice(0, count).sort() ??
    classBalancedRows(labels, { count, classes, split: "test" });
}

/**
 * Requires that a split has so many images.
 *
 * @param options `count`: images, in `[1, rows]`; `field`: what asks for them.
 * @throws {UsageError} If the count is not an integer in that range.
 */
export function requireRows(
  { name, ...images }: Pick<Dataset, "name"> & Partial<Pick<Dataset, Split>>,
  { split, count, field }: { split: Split; count: number; field: string },
): void {
  const { rows } = images[split]!;
  if (Number.isInteger(count) && count >= 1 && count <= rows) return;
  throw new UsageError(
    `"${field}" must be an integer in [1, ${rows}], the ${
      split === "train" ? "training" : "test"
    } images of ${name}, got ${count}`,
    { field },
  );
}

/**
 * The training images that `limitRows` leaves out, in the order of the source.
 *
 * @param dataset The whole data set.
 * @param count Training images kept, in `[1, rows]`.
 */
export function leftOutRows(dataset: Dataset, count: number): LabelledImages {
  const { labels, rows } = dataset.train;
  const classes = dataset.classNames.length;
  const kept = new Set(
    classBalancedRows(labels, { count, classes, split: "train" }),
  );
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  return selectRows(dataset.train, all.filter((row) => !kept.has(row)));
}

/**
 * Copies some rows into new images.
 *
 * @param images Images to copy from.
 * @param rows Rows to copy, shape `[n]`.
 */
export function selectRows(
  images: LabelledImages,
  rows: Uint32Array,
): LabelledImages {
  const size = images.pixels.length / images.rows;
  const pixels = new Uint8Array(rows.length * size);
  const labels = new Uint8Array(rows.length);
  rows.forEach((row, at) => {
    pixels.set(images.pixels.subarray(row * size, (row + 1) * size), at * size);
    labels[at] = images.labels[row]!;
  });
  return { pixels, labels, rows: rows.length, ...pathsOf(images, rows) };
}

/** The files of some rows, or their places in array files, where images have any. */
export function pathsOf(
  { paths, items }: Pick<LabelledImages, "paths" | "items">,
  rows: Uint32Array,
): Pick<LabelledImages, "paths" | "items"> {
  return {
    ...(paths && { paths: Array.from(rows, (row) => paths[row]!) }),
    ...(items && { items: Array.from(rows, (row) => items[row]!) }),
  };
}
