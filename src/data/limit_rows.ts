import { UsageError } from "../core/errors.ts";
import { classBalancedRows } from "./class_balanced_rows.ts";
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
  const field = split === "train" ? "limitTrain" : "limitTest";
  if (!Number.isInteger(count) || count < 1 || count > all.rows) {
    throw new UsageError(
      `"${field}" must be an integer in [1, ${all.rows}], the ${
        split === "train" ? "training" : "test"
      } images of ${dataset.name}, got ${count}`,
      { field },
    );
  }
  if (count === all.rows) return all;
  const classes = dataset.classNames.length;
  const sourceRows = classBalancedRows(all.labels, { count, classes, split });
  return { ...selectRows(all, sourceRows), sourceRows };
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
  return { pixels, labels, rows: rows.length };
}
