import { unpackBits } from "../results/bit_string.ts";
import type { FinishedCell } from "../results/result_set.ts";

/** What is analysed. */
export const metricNames = [
  "clean",
  "adversarial",
  "epoch-time",
  "time-to-accuracy",
  "epochs-to-accuracy",
  "time-to-loss",
] as const;

/** Name of a metric. */
export type MetricName = typeof metricNames[number];

/** What only the cells of a seed have together, as they need a common goal. */
export type GoalMetric =
  | "time-to-accuracy"
  | "epochs-to-accuracy"
  | "time-to-loss";

/** Unit of each metric, for tables. */
export const metricUnits: Readonly<Record<MetricName, string>> = {
  "clean": "points",
  "adversarial": "points",
  "epoch-time": "% of ratio 0",
  "time-to-accuracy": "% of ratio 0",
  "epochs-to-accuracy": "% of ratio 0",
  "time-to-loss": "% of ratio 0",
};

/** Whether a metric is of the way to an accuracy, which a seed may never reach. */
export function isToAccuracy(metric: MetricName): boolean {
  return metric === "time-to-accuracy" || metric === "epochs-to-accuracy";
}

/**
 * One number of a cell: accuracy on the test set in points (per cent), clean or
 * in the worst case over the attacks that were run; or the median time of an
 * epoch in milliseconds, the first left out, as code is compiled in it.
 *
 * @returns `null` where the cell has no such number.
 */
export function measure(
  { outcome, timing }: FinishedCell,
  metric: Exclude<MetricName, GoalMetric>,
): number | null {
  const { test } = outcome;
  if (test === null) return null;
  const points = (correct: number) => 100 * correct / test.rows;
  switch (metric) {
    case "clean":
      return points(test.clean.correct);
    case "adversarial": {
      const correct = test.worstCase?.correct ?? countWorst(test);
      return correct === null ? null : points(correct);
    }
    case "epoch-time":
      return warmEpochMs(timing);
  }
}

/** Images right, clean and under every attack; `null` without an attack. */
function countWorst(
  { rows, clean, byAttack }: NonNullable<FinishedCell["outcome"]["test"]>,
): number | null {
  const attacks = Object.values(byAttack);
  if (attacks.length === 0) return null;
  const scores = [clean, ...attacks].map(({ bits }) => unpackBits(bits, rows));
  return scores[0]!.filter((_, i) => scores.every((right) => right[i])).length;
}

/** Median time of an epoch but the first, in ms; `null` if there is no other. */
export function warmEpochMs(
  { epochs }: FinishedCell["timing"],
): number | null {
  return warmMedian(epochs.map(({ totalMs }) => totalMs));
}

/** Median over epochs but the first; `null` if there is no other. */
export function warmMedian(byEpoch: readonly number[]): number | null {
  const times = byEpoch.slice(1).sort((a, b) => a - b);
  const { length } = times;
  return length === 0
    ? null
    : (times[(length - 1) >> 1]! + times[length >> 1]!) / 2;
}
