import { UsageError } from "../core/errors.ts";
import { differingFields } from "./_differing_fields.ts";

/** One piece of work in one file, such as a cell or a bench. */
export interface Work<T> {
  /** Equal for equal work. */
  key: string;
  /** The work in words. */
  label: string;
  /** All that decides the work, where there is more than the label. */
  config?: Record<string, unknown>;
  /** What it came to, or why there is nothing. */
  result: { done: T } | { fault: string };
}

/** The work of one file. */
export interface WorkList<T> {
  /** Name of the file in messages. */
  file: string;
  /** Its work, in the order of the file. */
  work: readonly Work<T>[];
}

/** Work that the first file and another both did. */
export interface Match<T> {
  /** The work in words. */
  label: string;
  /** Name of the other file. */
  file: string;
  /** What it came to in the first file. */
  reference: T;
  /** What it came to in the other. */
  compared: T;
}

/** Work that was not compared. */
export interface LeftOut {
  /** The file that has nothing to compare. */
  file: string;
  /** The work in words. */
  label: string;
  /** Why there is nothing. */
  reason: string;
}

/**
 * Pairs the work of the first list with that of each other. Files that did not
 * do exactly the same are refused, so that a gate never passes because the slow
 * part is missing; with `common` they are compared in what they share, and the
 * rest is listed.
 *
 * @throws {UsageError} If work differs; with `common`, if none is shared.
 */
export function matchWork<T>(
  [first, ...others]: readonly WorkList<T>[],
  { common }: { common: boolean },
): { matches: Match<T>[]; leftOut: LeftOut[] } {
  const matched = others.map((other) => matchTwo(first!, other));
  matched.forEach(({ matches, leftOut: [missing] }, i) => {
    if (missing === undefined || (common && matches.length > 0)) return;
    const hint = matches.length > 0 ? "; --common compares what both have" : "";
    throw new UsageError(
      `Cannot compare times of different work in "${first!.file}" and "${
        others[i]!.file
      }": ${missing.file} has no "${missing.label}": ${missing.reason}${hint}`,
    );
  });
  return {
    matches: matched.flatMap(({ matches }) => matches),
    leftOut: matched.flatMap(({ leftOut }) => leftOut),
  };
}

function matchTwo<T>(first: WorkList<T>, other: WorkList<T>) {
  const matches: Match<T>[] = [];
  const leftOut: LeftOut[] = [];
  const [reference, compared] = [index(first), index(other)];
  const drop = ({ file }: WorkList<T>, label: string, reason: string) =>
    leftOut.push({ file, label, reason });
  for (const one of reference.values()) {
    const { key, label, result } = one;
    const twin = compared.get(key);
    if (twin === undefined) drop(other, label, describeAbsence(one, other));
    else if ("fault" in result) drop(first, label, result.fault);
    else if ("fault" in twin.result) drop(other, label, twin.result.fault);
    else {
      matches.push({
        label,
        file: other.file,
        reference: result.done,
        compared: twin.result.done,
      });
    }
  }
  for (const one of compared.values()) {
    if (reference.has(one.key)) continue;
    drop(first, one.label, describeAbsence(one, first));
  }
  return { matches, leftOut };
}

function index<T>({ file, work }: WorkList<T>): Map<string, Work<T>> {
  const byKey = new Map<string, Work<T>>();
  for (const one of work) {
    if (byKey.has(one.key)) {
      throw new UsageError(
        `Cannot compare "${file}" as it must name each piece of work once: current value is "${one.label}" twice`,
      );
    }
    byKey.set(one.key, one);
  }
  return byKey;
}

/** Says what is nearest in the other file, as labels leave most fields out. */
function describeAbsence<T>(
  { config }: Work<T>,
  { work }: WorkList<T>,
): string {
  if (config === undefined || work.length === 0) return "it is absent";
  const [nearest] = work
    .map((other) => differingFields(config, other.config))
    .sort((a, b) => a.length - b.length);
  return `what comes nearest differs in ${nearest!.join(", ")}`;
}
