import "../core/require_long.ts";
import { cellCost } from "../cell/cell_cost.ts";
import { estimateSeconds } from "../cell/estimate_seconds.ts";
import type { FinishedCell, ResultSet } from "../results/result_set.ts";

/**
 * How long it takes to run a cell again for example images, by its config alone:
 * a file may claim any time.
 *
 * @returns Seconds, estimated cautiously.
 */
export function exampleSeconds(
  { config }: FinishedCell,
  { dataset }: ResultSet,
): number {
  const total = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + count, 0);
  const train = total(dataset.trainPerClass);
  const { total: passes } = cellCost(config, {
    train,
    slots: Math.ceil(train * (1 + config.duplication.ratio)),
    test: total(dataset.testPerClass),
  });
  return estimateSeconds(config, passes);
}
