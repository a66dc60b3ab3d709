import type { FinishedCell } from "../results/result_set.ts";
import { type MetricName, metricOf } from "../spec/metrics.ts";
import { imageScores } from "./image_scores.ts";

/** A metric that a cell has by itself, without a goal that others set. */
export type CellMetric = Exclude<
  MetricName,
  | "time-to-accuracy"
  | "epochs-to-accuracy"
  | "images-to-accuracy"
  | "time-to-loss"
>;

/** A metric that is an accuracy on test images, in points. */
export type AccuracyMetric = Exclude<CellMetric, "epoch-time">;

/** Whether a metric is an accuracy on test images, in points. */
export function isAccuracy(metric: MetricName): metric is AccuracyMetric {
  return metricOf(metric).unit === "points";
}

/** Whether a metric is in per cent of ratio 0, as times are, and not in points. */
export function isRelative(metric: MetricName): boolean {
  return metricOf(metric).unit === "% of ratio 0";
}

/**
 * Whether a metric is about reaching an accuracy, which some cells never do.
 */
export function needsAccuracy(metric: MetricName): boolean {
  return metricOf(metric).goal === "accuracy";
}

/**
 * One number of a cell: accuracy on the test set in points (per cent of the test
 * images, or of those that were attacked), clean, also with mirror images, or in the worst case over the attacks
 * that were run, by the last weights, their average or those of the best epoch, on
 * all or on distinct images; or the median time per epoch after the first, in
 * milliseconds.
 *
 * @returns `null` where the cell has no such number.
 */
export function measure(cell: FinishedCell, metric: CellMetric): number | null {
  if (cell.outcome.test === null) return null;
  if (metric === "epoch-time") return warmEpochMs(cell.timing);
  const scores = imageScores(cell, metric);
  return scores && 100 * scores.correct / scores.right.length;
}

/**
 * Median time of the epochs after the first, in which code is compiled, in
 * milliseconds; `null` where there is only one, or where the clock was so coarse
 * that it is 0, to which no other time can be related.
 */
export function warmEpochMs(
  { epochs }: FinishedCell["timing"],
): number | null {
  const ms = warmMedian(epochs.map(({ totalMs }) => totalMs));
  return ms === 0 ? null : ms;
}

/** Median over the epochs after the first; `null` where there is only one. */
export function warmMedian(byEpoch: readonly number[]): number | null {
  const times = byEpoch.slice(1).sort((a, b) => a - b);
  const { length } = times;
  return length === 0
    ? null
    : (times[(length - 1) >> 1]! + times[length >> 1]!) / 2;
}
