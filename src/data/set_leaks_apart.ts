import { UsageError } from "../core/errors.ts";
import type { Dataset } from "./dataset.ts";
import { otherRows, pickRows } from "./pick_rows.ts";

/**
 * Takes the test images that have a duplicate among the training images out of the
 * test split: a network that has learned the training images by heart is right on
 * them. They remain as `leaked`, in their order, and may be none.
 *
 * @param leaked Their rows of the test split, ascending, as `leakedRows` finds them.
 * @throws {UsageError} If no test image would remain.
 */
export function setLeaksApart(dataset: Dataset, leaked: Uint32Array): Dataset {
  const { name, test } = dataset;
  if (leaked.length === test.rows) {
    throw new UsageError(
      `"leaks" must be counted, as all ${test.rows} test images of "${name}" have a duplicate among the training images`,
      { field: "leaks" },
    );
  }
  return {
    ...dataset,
    test: pickRows(test, otherRows(test, leaked)),
    leaked: pickRows(test, leaked),
  };
}
