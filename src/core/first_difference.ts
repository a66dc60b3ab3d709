/** Where two JSON values first differ. */
export interface Difference {
  /** Path of the field, such as `outcome.test.clean.correct` or `epochs.3.loss`. */
  field: string;
  /** The value in the first, as JSON, shortened if long; `absent` if there is none. */
  expected: string;
  /** The value in the second; both are cut so that the difference is visible. */
  got: string;
}

/**
 * Finds the first field, in the order of the first value, in which two JSON
 * values differ. Numbers are compared exactly (`-0` is 0, as in JSON), and a
 * field that is `undefined` is absent.
 */
export function firstDifference(
  a: unknown,
  b: unknown,
  at = "",
): Difference | null {
  if (isTree(a) && isTree(b) && Array.isArray(a) === Array.isArray(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(
        own(a, key),
        own(b, key),
        at === "" ? key : `${at}.${key}`,
      );
      if (found !== null) return found;
    }
    return null;
  }
  return a === b ? null : { field: at, ...show(a, b) };
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Ignores inherited properties: a field may be called `constructor`. */
function own(tree: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(tree, key) ? tree[key] : undefined;
}

/** Longest value shown whole, in characters. */
const LONGEST = 60;

/** Characters shown before the first that differs. */
const LEAD = 20;

function show(a: unknown, b: unknown): Omit<Difference, "field"> {
  const [expected, got] = [a, b].map((value) =>
    value === undefined ? "absent" : JSON.stringify(value)
  ) as [string, string];
  // Bits of images are long and similar: their starts alone would be equal.
  let at = 0;
  while (at < expected.length && expected[at] === got[at]) at++;
  const from = Math.max(0, at - LEAD);
  const cut = (text: string) => {
    if (text.length <= LONGEST) return text;
    const end = from + LONGEST;
    return `${from > 0 ? "…" : ""}${text.slice(from, end)}${
      end < text.length ? "…" : ""
    }`;
  };
  return { expected: cut(expected), got: cut(got) };
}
