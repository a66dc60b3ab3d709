import { attackMeaning, attackTitle } from "../spec/attacks.ts";
import { type CoordinateKey, coordinates } from "../spec/axes.ts";
import { metrics } from "../spec/metrics.ts";
import { sayValue, valuesOf } from "./arm_words.ts";
import { attacksOf, type StudyReport } from "./report_series.ts";

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
  const values = series.map(({ arm }) => valuesOf(arm));
  const entries = coordinates.flatMap(({ key, usual }) => {
    const found = new Set(values.map((of) => of[key] ?? null));
    // Where all have the usual value, there is nothing to tell apart.
    const isPlain = found.size === 1 && usual !== undefined && found.has(usual);
    return isPlain
      ? []
      : explainCoordinate(key).filter(({ value }) => found.has(value));
  });
  const attacks = attacksOf(studies).map((name) => ({
    term: attackTitle(name),
    meaning: attackMeaning(name),
  }));
  const isWorst = series.some(({ metric }) => metric === "worst case");
  const { title, meaning } = metrics["adversarial"];
  return [
    ...entries.map(({ term, meaning }) => ({ term, meaning })),
    ...attacks,
    ...(isWorst ? [{ term: title, meaning }] : []),
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
