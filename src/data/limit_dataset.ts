import type { Dataset } from "./dataset.ts";
import { leftOutRows, limitRows } from "./limit_rows.ts";

/** How much of a data set is kept. */
export interface DatasetLimits {
  /** Training images to keep, a class-balanced subset; default all. */
  readonly limitTrain?: number | undefined;
  /** Test images to keep, a class-balanced subset; default all. */
  readonly limitTest?: number | undefined;
  /** Whether to keep the other training images as a reserve; default false. */
  readonly reserve?: boolean | undefined;
}

/**
 * Keeps a part of a data set, the same on every machine.
 *
 * @throws {UsageError} If it has fewer images than a limit.
 */
export function limitDataset(
  whole: Dataset,
  { limitTrain, limitTest, reserve }: DatasetLimits,
): Dataset {
  return {
    ...whole,
    train: limitTrain === undefined
      ? whole.train
      : limitRows(whole, { split: "train", count: limitTrain }),
    test: limitTest === undefined
      ? whole.test
      : limitRows(whole, { split: "test", count: limitTest }),
    ...(reserve && {
      reserve: leftOutRows(whole, limitTrain ?? whole.train.rows),
    }),
  };
}
