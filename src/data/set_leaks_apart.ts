import { UsageError } from "../core/errors.ts";
import type { Dataset } from "./dataset.ts";
import { leakedRows } from "./leaked_rows.ts";
import { otherRows, pickRows } from "./pick_rows.ts";

/**
 * Takes the test images that have a duplicate among the training images out of the
 * test split: a network that has learned the training images by heart is right on
 * them. They remain as `leaked`, in their order, and may be none.
 *
 * @throws {UsageError} If no test image would remain.
 */
export async function setLeaksApart(dataset: Dataset): Promise<Dataset> {
  const { name, test } = dataset;
  const leaked = await leakedRows(dataset);
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
