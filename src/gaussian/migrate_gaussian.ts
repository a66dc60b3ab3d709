import { GAUSSIAN_SCHEMA_ID } from "./gaussian_result.ts";
import type { GaussianSummary } from "./summarise_gaussian.ts";

const PREFIX = "dupbench/gaussian/";

/** Sentences of version 1, and those that took their place. */
const sentences: Readonly<Record<string, string>> = {
  "Biased duplicates lower accuracy": "Class-biased copies lower accuracy",
  "More balanced duplicates do not significantly improve accuracy":
    "More uniform copies do not significantly improve accuracy",
  "Trend of held-out accuracy, mean of both classes: supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.":
    "Slope of held-out accuracy, mean of both classes: supported if it is below 0; contradicted if it is above 0 or shown to be within the margin; otherwise inconclusive.",
  "The same trend: contradicted if above 0; supported if shown to be less than the margin above 0; otherwise inconclusive.":
    "The same slope: contradicted if it is above 0; supported if it is shown to be less than the margin above 0; otherwise inconclusive.",
};

/** Fields of version 1, and what they are called now. */
const fields: Readonly<Record<string, string>> = {
  on: "sample",
  of: "classes",
  copies: "added",
  signFlip: "signFlipP",
  equivalence: "equivalenceP",
  beyondFresh: "copiesMinusFresh",
};

/** Fields of verdicts that version 0.4 added, within the same version of the form. */
const laterFields = ["bound", "boundP", "reason"] as const;

/**
 * A summary as the version that wrote a file made it: without the fields of
 * verdicts that are later, for each verdict of the file that has none of them.
 *
 * @param summary As of today.
 * @param recorded That of the file, of any form.
 */
export function summaryLike(
  summary: GaussianSummary,
  recorded: Readonly<Record<string, unknown>>,
): unknown {
  const { verdicts } = recorded;
  const entries: readonly unknown[] = Array.isArray(verdicts) ? verdicts : [];
  return {
    ...summary,
    verdicts: summary.verdicts.map((verdict, i) => {
      const entry = entries[i];
      const isEarlier = isObject(entry) &&
        laterFields.every((field) => !Object.hasOwn(entry, field));
      if (!isEarlier) return verdict;
      const { bound: _, boundP: _p, reason: _r, ...earlier } = verdict;
      return earlier;
    }),
  };
}

/** Whether a value is a file of the toy experiment, of any version. */
export function isGaussianFile(value: unknown): value is { schema: string } {
  return isObject(value) && typeof value.schema === "string" &&
    value.schema.startsWith(PREFIX);
}

/**
 * Brings a file of version 1 into today's form: names of fields and sentences
 * of the summary. Study, runs and digest are the same in both versions. Any
 * other value is returned as it is, to be validated.
 */
export function migrateGaussian(value: unknown): unknown {
  if (!isGaussianFile(value) || value.schema !== `${PREFIX}1`) return value;
  const file: Record<string, unknown> = {
    ...value,
    schema: GAUSSIAN_SCHEMA_ID,
  };
  const { summary } = file;
  if (!isObject(summary)) return file;
  return {
    ...file,
    summary: {
      ...summary,
      verdicts: migrateList(summary.verdicts),
      trends: migrateList(summary.trends),
    },
  };
}

function migrateList(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((entry) =>
    isObject(entry)
      ? Object.fromEntries(
        Object.entries(entry).map(([field, value]) => [
          own(fields, field) ?? field,
          typeof value === "string" ? own(sentences, value) ?? value : value,
        ]),
      )
      : entry
  );
}

function own(table: Readonly<Record<string, string>>, key: string) {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
