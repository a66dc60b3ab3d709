/** Where two JSON values first differ. */
export interface Difference {
  /** Path of the field, such as `outcome.test.clean.correct` or `epochs.3.loss`. */
  field: string;
  /** The value in the first, as JSON, at most 60 characters; `absent` if none. */
  expected: string;
  /** The value in the second, likewise. */
  got: string;
}

/**
 * Finds the first field, in the order of the first value, in which two JSON
 * values differ. Numbers are equal only to the last bit, and a field that is
 * `undefined` is absent.
 */
export function firstDifference(
  a: unknown,
  b: unknown,
  at = "",
): Difference | null {
  if (isTree(a) && isTree(b) && Array.isArray(a) === Array.isArray(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(
        a[key],
        b[key],
        at === "" ? key : `${at}.${key}`,
      );
      if (found !== null) return found;
    }
    return null;
  }
  return Object.is(a, b)
    ? null
    : { field: at, expected: show(a), got: show(b) };
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const LONGEST = 60;

function show(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
