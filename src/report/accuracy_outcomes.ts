import type { AccuracyMetric } from "../analysis/metric.ts";
import { metricOf } from "../spec/metrics.ts";

/** An accuracy as figures show it. */
export interface AccuracyOutcome {
  readonly metric: AccuracyMetric;
  /** Its name in series, tables and CSV. */
  readonly shown: string;
  /** In words, as `clean accuracy`. */
  readonly title: string;
}

const shown: readonly [AccuracyMetric, string][] = [
  ["clean", "clean"],
  ["adversarial", "worst case"],
  ["flipped-clean", "flipped clean"],
  ["averaged-clean", "averaged clean"],
  ["averaged-adversarial", "averaged worst case"],
  ["best-clean", "best clean"],
  ["best-adversarial", "best worst case"],
];

/** All accuracies, in the order of reports: those of the last weights first. */
export const accuracyOutcomes: readonly AccuracyOutcome[] = shown.map((
  [metric, shown],
) => ({ metric, shown, title: metricOf(metric).title }));
