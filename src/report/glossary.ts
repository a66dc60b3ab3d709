import { attackMeaning, attackTitle } from "../spec/attacks.ts";
import { type CoordinateKey, coordinates } from "../spec/axes.ts";
import { accuracyOutcomes } from "./accuracy_outcomes.ts";
import { distinctMeaning, metrics } from "../spec/metrics.ts";
import type { CoordinateValues } from "../spec/name_cell.ts";
import { sayValue } from "./arm_words.ts";
import { attacksOf, DISTINCT, type StudyReport } from "./report_series.ts";

/** A word of a report. */
export interface GlossaryEntry {
  /** The word, as figures and tables write it. */
  term: string;
  /** What it means. */
  meaning: string;
}

/**
 * What a reader needs to know of the words in a report, as far as they occur in
 * it: the values of every coordinate, attacks and measures.
 */
export function glossaryOf(studies: readonly StudyReport[]): GlossaryEntry[] {
  const series = studies.flatMap(({ series }) => series);
  const conditions = studies.flatMap(({ conditions }) => conditions);
  const values: CoordinateValues[] = [
    ...series.map(({ arm }) => arm),
    ...conditions.flatMap(({ key, value, usual, runs }) => [
      { ...runs, [key]: value },
      { ...runs, [key]: usual },
    ]),
  ];
  const entries = coordinates.flatMap(({ key, usual }) => {
    const found = new Set(values.map((of) => of[key] ?? null));
    // Where all have the usual value, there is nothing to tell apart.
    const isPlain = found.size === 1 && usual !== undefined && found.has(usual);
    return isPlain
      ? []
      : explainCoordinate(key).filter(({ value }) => found.has(value));
  });
  const others = accuracyOutcomes.filter(({ metric, shown }) =>
    metric !== "clean" &&
    (series.some((one) => one.metric === shown) ||
      conditions.some((one) => one.metric === metric))
  );
  const isWorst = others.some(({ metric }) => metric === "adversarial");
  const isDistinct = series.some(({ metric }) => metric.endsWith(DISTINCT));
  // The worst case is over attacks, whether each has curves or not.
  const compared = studies.filter(({ conditions }) => conditions.length > 0)
    .flatMap(({ sets }) => sets.flatMap(({ study }) => study.attacks));
  const attacks = [
    ...new Set([...attacksOf(studies), ...(isWorst ? compared : [])]),
  ].map((name) => ({
    term: attackTitle(name),
    meaning: attackMeaning(name),
  }));
  return [
    ...entries.map(({ term, meaning }) => ({ term, meaning })),
    ...attacks,
    ...others.map(({ metric, title }) => ({
      term: title,
      meaning: metrics[metric].meaning,
    })),
    ...(isDistinct
      ? [{ term: "distinct images", meaning: distinctMeaning }]
      : []),
  ];
}

/** Every value of a coordinate that has terms, in the order of its table. */
export function explainCoordinate(
  key: CoordinateKey,
): (GlossaryEntry & { value: string })[] {
  const { terms = {} } = coordinates.find((one) => one.key === key)!;
  return Object.entries(terms).map(([value, { meaning }]) => ({
    value,
    term: sayValue(key, value),
    meaning,
  }));
}
