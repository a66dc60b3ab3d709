import { unpackBits } from "../results/bit_string.ts";
import { onDistinctImages } from "../results/distinct_images.ts";
import type { Outcome } from "../results/outcome.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { type MetricName, metricOf, metrics } from "../spec/metrics.ts";

/** A metric that a cell has by itself, without a goal that others set. */
export type CellMetric = Exclude<
  MetricName,
  "time-to-accuracy" | "epochs-to-accuracy" | "time-to-loss"
>;

/** A metric that is an accuracy on the test images, in points. */
export type AccuracyMetric = Exclude<
  CellMetric,
  "epoch-time" | `${string}-distinct`
>;

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
 * images), clean, also with mirror images, or in the worst case over the attacks
 * that were run, by the last weights, their average or those of the best epoch, on
 * all or on distinct images; or the median time per epoch after the first, in
 * milliseconds.
 *
 * @returns `null` where the cell has no such number.
 */
export function measure(cell: FinishedCell, metric: CellMetric): number | null {
  const { outcome: { test, averaged, best }, timing } = cell;
  if (test === null) return null;
  switch (metric) {
    case "clean":
      return cleanPoints(test);
    case "adversarial":
      return worstCasePoints(test);
    case "flipped-clean":
      return test.flipped === undefined
        ? null
        : 100 * test.flipped.correct / test.rows;
    case "averaged-clean":
      return averaged ? cleanPoints(averaged.test) : null;
    case "averaged-adversarial":
      return averaged ? worstCasePoints(averaged.test) : null;
    case "best-clean":
      return best ? cleanPoints(best.test) : null;
    case "best-adversarial":
      return best ? worstCasePoints(best.test) : null;
    case "epoch-time":
      return warmEpochMs(timing);
    default: {
      const distinct = onDistinctImages(cell);
      return distinct && measure(distinct, metrics[metric].partOf);
    }
  }
}

type Test = NonNullable<Outcome["test"]>;

function cleanPoints({ clean, rows }: Test): number {
  return 100 * clean.correct / rows;
}

function worstCasePoints(test: Test): number | null {
  const correct = countWorstCase(test);
  return correct === null ? null : 100 * correct / test.rows;
}

/**
 * Test images classified correctly both clean and under every attack: as
 * recorded, or from the bits per image in result sets without that count.
 *
 * @returns `null` where no attack was run.
 */
export function countWorstCase(
  { rows, clean, byAttack, worstCase }: NonNullable<Outcome["test"]>,
): number | null {
  if (worstCase !== undefined) return worstCase.correct;
  const attacks = Object.values(byAttack);
  if (attacks.length === 0) return null;
  const scores = [clean, ...attacks].map(({ bits }) => unpackBits(bits, rows));
  return scores[0]!.filter((_, i) => scores.every((right) => right[i])).length;
}

/**
 * Median time of the epochs after the first, in which code is compiled, in
 * milliseconds; `null` where there is only one.
 */
export function warmEpochMs(
  { epochs }: FinishedCell["timing"],
): number | null {
  return warmMedian(epochs.map(({ totalMs }) => totalMs));
}

/** Median over the epochs after the first; `null` where there is only one. */
export function warmMedian(byEpoch: readonly number[]): number | null {
  const times = byEpoch.slice(1).sort((a, b) => a - b);
  const { length } = times;
  return length === 0
    ? null
    : (times[(length - 1) >> 1]! + times[length >> 1]!) / 2;
}
