import { openStream, permutation } from "../core/stream.ts";
import type { Split } from "./dataset.ts";

/**
 * Seed of every subset but those that a run draws. It is a property of the data, as the order of a file is,
 * and not of a run: runs with different seeds train on the same subset.
 */
export const subsetSeed = 0;

/**
 * Chooses rows so that the classes are as balanced as the count and the class
 * sizes allow. The rows of each class are put in a seeded order, and the classes
 * take turns, in label order, except for those that are used up. So any count is
 * possible, a remainder goes to the first classes, and the rows chosen for a
 * smaller count are among those chosen for a larger one.
 *
 * @param labels Class of each row, shape `[rows]`.
 * @param options `count`: rows to choose, in `[0, rows]`; `classes`: number of
 * classes; `split`: training, test and validation rows draw from separate streams,
 * and so does the training set of a run; `seed`: of that run, or else of subsets.
 * @returns Chosen rows in ascending order, shape `[count]`.
 */
export function classBalancedRows(
  labels: Uint8Array,
  choice: SubsetChoice,
): Uint32Array {
  return classBalancedOrder(labels, choice).sort();
}

/** Which rows are chosen, and how many. */
export interface SubsetChoice {
  readonly count: number;
  readonly classes: number;
  readonly split: Split | "validation" | "draw";
  readonly seed?: number;
}

/**
 * The rows of `classBalancedRows` in the order in which they are chosen: the first
 * of them are those of a smaller count.
 *
 * @returns Shape `[count]`.
 */
export function classBalancedOrder(
  labels: Uint8Array,
  { count, classes, split, seed = subsetSeed }: SubsetChoice,
): Uint32Array {
  const byClass = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, row) => byClass[label]!.push(row));
  const orders = byClass.map((rows, label) =>
    Array.from(
      permutation(rows.length, openStream(seed, "subset", split, label)),
      (at) => rows[at]!,
    )
  );
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < count; turn++) {
    for (const order of orders) {
      if (turn < order.length && chosen.length < count) {
        chosen.push(order[turn]!);
      }
    }
  }
  return Uint32Array.from(chosen);
}
