import { classBalancedRows } from "./class_balanced_rows.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { otherRows, pickRows } from "./pick_rows.ts";

/** A data set some of whose training images are held out. */
export interface HeldOut {
  /** The data set without them: what is trained on, and copied. */
  readonly dataset: Dataset;
  /** The images held out, in the order of the source. */
  readonly validation: LabelledImages;
}

/** What was made last, as the cells of a study hold out the same images. */
const made = new WeakMap<Dataset, Map<number, HeldOut>>();

/**
 * Holds out a seeded, class-balanced subset of the training images, to choose by.
 * It is a property of the data, like a limit: all cells of a study, whatever
 * their seeds, hold out the same images.
 *
 * @param count Images to hold out, in `[1, rows)`.
 * @throws {RangeError} If none would be left to train on.
 */
export function holdOut(dataset: Dataset, count: number): HeldOut {
  const { train, classNames } = dataset;
  if (count >= train.rows) {
    throw new RangeError(
      `"validation" must leave some of the ${train.rows} training images of ${dataset.name}, got ${count}`,
    );
  }
  const known = made.get(dataset)?.get(count);
  if (known !== undefined) return known;
  const out = classBalancedRows(train.labels, {
    count,
    classes: classNames.length,
    split: "validation",
  });
  const held = {
    dataset: { ...dataset, train: pickRows(train, otherRows(train, out)) },
    validation: pickRows(train, out),
  };
  // One at a time: each is a copy of all training images.
  made.set(dataset, new Map([[count, held]]));
  return held;
}
