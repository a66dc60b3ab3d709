import { classBalancedRows } from "./class_balanced_rows.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { joinImages, joinPaths } from "./join_images.ts";
import { otherRows, pickRows } from "./pick_rows.ts";

/** What was drawn last from a data set: cells of one seed share it. */
const drawn = new WeakMap<Dataset, { key: string; dataset: Dataset }>();

/**
 * Draws a class-balanced subset of the training images by the seed of a run, in
 * the order of the source: unlike a limit, which is a property of the data, each
 * seed has a training set of its own, so that intervals over seeds contain its
 * variance. For one seed a smaller draw is a subset of a larger one. What is not
 * drawn comes first in the reserve, if the data set has one.
 *
 * @param options `count`: images to draw, in `[1, rows]`; `seed`: of the run.
 * @throws {RangeError} If there are fewer training images.
 */
export function drawTraining(
  dataset: Dataset,
  { count, seed }: { count: number; seed: number },
): Dataset {
  const { train, reserve, classNames } = dataset;
  if (count > train.rows) {
    throw new RangeError(
      `"drawTrain" must be at most ${train.rows}, the training images of ${dataset.name}, got ${count}`,
    );
  }
  const key = `${count} ${seed}`;
  const last = drawn.get(dataset);
  if (last?.key === key) return last.dataset;
  const rows = classBalancedRows(train.labels, {
    count,
    classes: classNames.length,
    split: "draw",
    seed,
  });
  const rest = pickRows(train, otherRows(train, rows));
  const made: Dataset = {
    ...dataset,
    train: pickRows(train, rows),
    ...(reserve && { reserve: joined(rest, reserve) }),
  };
  // One at a time: each is a copy of many images.
  drawn.set(dataset, { key, dataset: made });
  return made;
}

/** Two lists of images as one, whose pixels are copied when they are first read. */
function joined(
  first: LabelledImages,
  second: LabelledImages,
): LabelledImages {
  const labels = new Uint8Array(first.rows + second.rows);
  labels.set(first.labels);
  labels.set(second.labels, first.rows);
  let pixels: Uint8Array | undefined;
  return {
    get pixels() {
      return pixels ??= joinImages([first, second]).pixels;
    },
    labels,
    rows: labels.length,
    ...joinPaths([first, second]),
  };
}
