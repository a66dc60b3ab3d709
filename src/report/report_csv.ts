import { inferenceOf } from "../analysis/effect.ts";
import { accuracyOutcomes } from "./accuracy_outcomes.ts";
import { csvText } from "../core/csv.ts";
import { armCoordinates } from "../analysis/arm.ts";
import type { CoordinateValue } from "../spec/axis.ts";
import type { CoordinateValues } from "../spec/name_cell.ts";
import { valuesOf } from "./arm_words.ts";
import type { StudyReport } from "./report_series.ts";

/** Every curve of a report as CSV (RFC 4180), one line per point. */
export function formatSeriesCsv(studies: readonly StudyReport[]): string {
  const rows = studies.flatMap(({ study, series }) =>
    series.flatMap(({ arm, metric, unit, points }) =>
      points.map((point) => ({
        study,
        ...valuesOf(arm),
        metric,
        unit,
        ratio: point.ratio,
        seeds: point.seeds,
        mean: point.mean,
        low: point.low,
        high: point.high,
      }))
    )
  );
  return toCsv(rows);
}

/**
 * Every contrast of conditions as CSV, one line per contrast, outcome and seed;
 * empty where no conditions were compared. The fields from `mean` on are the same
 * for all seeds of a contrast.
 */
export function formatConditionsCsv(studies: readonly StudyReport[]): string {
  const rows = studies.flatMap(({ study, conditions }) =>
    conditions.flatMap(({ key, value, usual, runs, ratio, metric, ...one }) =>
      one.pairs.map(({ seed, accuracy, usualAccuracy }) => ({
        study,
        condition: key,
        value,
        usual,
        ...coordinatesOf({ ...runs, [key]: value }),
        ratio,
        metric: accuracyOutcomes.find((one) => one.metric === metric)!.shown,
        unit: "points",
        seed,
        accuracy,
        usualAccuracy,
        difference: accuracy - usualAccuracy,
        seeds: one.test.n,
        mean: one.test.mean,
        low: inferenceOf(one).interval?.[0] ?? null,
        high: inferenceOf(one).interval?.[1] ?? null,
        finding: one.finding,
      }))
    )
  );
  return toCsv(rows);
}

/** The columns that name an arm, as other tables have them. */
function coordinatesOf(
  values: CoordinateValues,
): Record<string, CoordinateValue | null> {
  return Object.fromEntries(
    armCoordinates.map(({ key }) => [key, values[key] ?? null]),
  );
}

/**
 * The change of accuracy of every class as CSV, one line per class and ratio.
 *
 * @param studies With the names of their classes, where these are known.
 */
export function formatClassesCsv(
  studies: readonly (StudyReport & {
    readonly classNames?: readonly string[] | undefined;
  })[],
): string {
  const rows = studies.flatMap(({ study, classes, classNames }) =>
    classes.map(({ arm, class: label, ratio, seeds, mean, low, high }) => ({
      study,
      ...valuesOf(arm),
      class: label,
      name: classNames?.[label] ?? "",
      ratio,
      seeds,
      change: mean,
      low,
      high,
    }))
  );
  return toCsv(rows);
}

/**
 * Rows of equal fields as CSV: a heading, lines that end with CRLF, quoted fields
 * where needed (RFC 4180). `null` is an empty field.
 */
export function toCsv(
  rows: readonly Readonly<Record<string, string | number | null>>[],
): string {
  const headings = Object.keys(rows[0] ?? {});
  if (headings.length === 0) return "";
  const lines = [
    headings,
    ...rows.map((row) => headings.map((heading) => row[heading] ?? "")),
  ];
  return csvText(lines);
}
