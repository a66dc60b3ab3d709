import type { FinishedCell } from "../results/result_set.ts";

/** What is analysed. */
export const metricNames = ["clean", "adversarial", "epoch-time"] as const;

/** Name of a metric. */
export type MetricName = typeof metricNames[number];

/** Unit of each metric, for tables. */
export const metricUnits: Readonly<Record<MetricName, string>> = {
  "clean": "points",
  "adversarial": "points",
  "epoch-time": "% of ratio 0",
};

/**
 * One number of a cell: accuracy on the test set in points (per cent), clean or
 * in the worst case over the attacks that were run; or the median time of an
 * epoch in milliseconds, the first left out, as code is compiled in it.
 *
 * @returns `null` where the cell has no such number.
 */
export function measure(
  { outcome, timing }: FinishedCell,
  metric: MetricName,
): number | null {
  const { test } = outcome;
  if (test === null) return null;
  const points = (correct: number) => 100 * correct / test.rows;
  switch (metric) {
    case "clean":
      return points(test.clean.correct);
    case "adversarial":
      return test.worstCase === undefined
        ? null
        : points(test.worstCase.correct);
    case "epoch-time": {
      const times = timing.epochs.slice(1).map(({ totalMs }) => totalMs)
        .sort((a, b) => a - b);
      const { length } = times;
      return length === 0
        ? null
        : (times[(length - 1) >> 1]! + times[length >> 1]!) / 2;
    }
  }
}
