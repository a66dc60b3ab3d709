import type { FinishedCell } from "../results/result_set.ts";
import type { MetricName } from "../spec/metrics.ts";
import type { ArmRuns } from "./group_arms.ts";
import { measure } from "./metric.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";
import { timesToLoss } from "./times_to_loss.ts";

/**
 * The values of one metric: for each seed, points of (ratio, value).
 *
 * @param accuracy Goal of the metrics that have an accuracy to reach; absent: for
 * each seed the highest that all its ratios reach. Seeds that do not reach it at
 * some ratio have no points of these.
 */
export function curvesOf(
  { seeds }: ArmRuns,
  metric: MetricName,
  accuracy?: number,
): Map<number, [ratio: number, value: number][]> {
  const curves = new Map<number, [number, number][]>();
  for (const [seed, cells] of seeds) {
    const points: [number, number][] = [];
    const values = valuesOf([...cells.values()], metric, accuracy);
    [...cells.keys()].forEach((ratio, i) => {
      const value = values[i] ?? null;
      if (value !== null) points.push([ratio, value]);
    });
    if (points.length > 1 && points[0]![0] === 0) curves.set(seed, points);
  }
  return curves;
}

/** One value per cell of a seed, or an empty list where they have none. */
function valuesOf(
  cells: readonly FinishedCell[],
  metric: MetricName,
  accuracy: number | undefined,
): (number | null)[] {
  switch (metric) {
    case "time-to-accuracy":
    case "epochs-to-accuracy":
    case "images-to-accuracy": {
      const times = timesToAccuracy(cells, accuracy);
      if (times === null || times.epochs.includes(null)) return [];
      return metric === "time-to-accuracy"
        ? times.ms
        : metric === "epochs-to-accuracy"
        ? times.epochs
        : times.images;
    }
    case "time-to-loss":
      // It replaces the time to an accuracy only where that is unknown.
      return timesToAccuracy(cells) === null ? timesToLoss(cells) : [];
    default:
      return cells.map((cell) => measure(cell, metric));
  }
}
