import {
  assumeWork,
  estimateWork,
  type WorkPlace,
} from "../cell/estimate_work.ts";
import type { WorkEstimate, WorkLimit } from "../core/require_short.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";

/** How long a cell takes when it is run again, by assumed rates, to compare cells. */
export function assumeExample(
  cell: FinishedCell,
  set: ResultSet,
): WorkEstimate {
  return assumeWork([cell.config], placeOf(cell, set));
}

/**
 * How long a cell takes when it is run again for example images.
 *
 * @throws {BackendError} If its backend is unavailable or fails.
 */
export async function estimateExample(
  cell: FinishedCell,
  set: ResultSet,
  { longest }: WorkLimit,
): Promise<WorkEstimate> {
  return await estimateWork([cell.config], { ...placeOf(cell, set), longest });
}

/** What the cell ran on, as its file says. */
function placeOf(
  { config }: FinishedCell,
  { dataset }: ResultSet,
): Pick<WorkPlace, "rows" | "backend"> {
  const total = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + count, 0);
  return {
    rows: {
      train: total(dataset.trainPerClass),
      test: total(dataset.testPerClass),
    },
    backend: config.backend,
  };
}
