import { UsageError } from "../core/errors.ts";
import { differingFields } from "./_differing_fields.ts";

/** One piece of work in one file, such as a cell or a bench. */
export interface Work<T> {
  /** Equal for equal work. */
  key: string;
  /** The work in words. */
  label: string;
  /** What to add to the label where another piece of work has the same. */
  detail: string;
  /** Everything that decides the work, where that is more than the label. */
  config?: Record<string, unknown>;
  /** Its result, or why there is none. */
  result: { done: T } | { fault: string };
}

/** The work of one file. */
export interface WorkList<T> {
  /** Name of the file in messages. */
  file: string;
  /** Its work, in the order of the file. */
  work: readonly Work<T>[];
}

/** Work that is both in the first file and in another. */
export interface Match<T> {
  /** The work in words. */
  label: string;
  /** Name of the other file. */
  file: string;
  /** Its result in the first file. */
  reference: T;
  /** Its result in the other file. */
  compared: T;
}

/** Work that was not compared. */
export interface LeftOut {
  /** The file in which it is missing. */
  file: string;
  /** The work in words. */
  label: string;
  /** Why it is missing. */
  reason: string;
}

/** The same before its reason is asked for, which is costly to find. */
type Missing = Omit<LeftOut, "reason"> & { findReason: () => string };

/**
 * Pairs the work of the first list with that of each other list. Files with
 * different work are refused, so that a gate never passes because the slow part is
 * missing; with `common` they are compared in the work that both have, and the
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
    const hint = matches.length > 0
      ? '; "common" compares the work that both have'
      : "";
    throw new UsageError(
      `"${first!.file}" and "${
        others[i]!.file
      }" have different work: "${missing.label}" is missing in "${missing.file}" (${missing.findReason()})${hint}`,
      matches.length > 0 ? { field: "common" } : {},
    );
  });
  return {
    matches: matched.flatMap(({ matches }) => matches),
    leftOut: matched.flatMap(({ leftOut }) =>
      leftOut.map(({ findReason, ...rest }) => ({
        ...rest,
        reason: findReason(),
      }))
    ),
  };
}

function matchTwo<T>(first: WorkList<T>, other: WorkList<T>) {
  const matches: Match<T>[] = [];
  const leftOut: Missing[] = [];
  const [reference, compared] = [indexWork(first), indexWork(other)];
  const drop = (
    { file }: WorkList<T>,
    label: string,
    findReason: () => string,
  ) => leftOut.push({ file, label, findReason });
  for (const one of reference.values()) {
    const { key, label, result } = one;
    const twin = compared.get(key);
    if (twin === undefined) {
      drop(other, label, () => describeAbsence(one, other));
    } else if ("fault" in result) {
      drop(first, label, () => result.fault);
    } else if ("fault" in twin.result) {
      const { fault } = twin.result;
      drop(other, label, () => fault);
    } else {
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
    drop(first, one.label, () => describeAbsence(one, first));
  }
  return { matches, leftOut };
}

/** The work of a file by key, each label unique. */
function indexWork<T>({ file, work }: WorkList<T>): Map<string, Work<T>> {
  const byKey = new Map<string, Work<T>>();
  const labels = Map.groupBy(work, ({ label }) => label);
  for (const one of work) {
    if (byKey.has(one.key)) {
      throw new UsageError(
        `"${file}" must have each piece of work once, got "${one.label}" twice`,
      );
    }
    const isUnique = labels.get(one.label)!.length === 1;
    byKey.set(
      one.key,
      isUnique ? one : { ...one, label: `${one.label} (${one.detail})` },
    );
  }
  return byKey;
}

/** Says what is most similar in the other file, as labels omit most fields. */
function describeAbsence<T>(
  { config }: Work<T>,
  { work }: WorkList<T>,
): string {
  if (config === undefined || work.length === 0) return "it is absent";
  let nearest: string[] | undefined;
  for (const other of work) {
    const fields = differingFields(config, other.config);
    if (nearest === undefined || fields.length < nearest.length) {
      nearest = fields;
    }
    if (nearest.length === 1) break;
  }
  return `the most similar differs in ${nearest!.join(", ")}`;
}
