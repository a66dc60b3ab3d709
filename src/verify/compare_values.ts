import { firstDifference } from "../core/first_difference.ts";
import { type FinishedCell, reproducible } from "../results/result_set.ts";

/** One recorded value next to that of another run. */
export interface ComparedValue {
  /** Path of the field, such as `outcome.test.clean.correct`. */
  readonly field: string;
  /** The recorded value as JSON, shortened if long. */
  readonly expected: string;
  /** The value of the other run. */
  readonly got: string;
  /** Whether both are the same, bit for bit. */
  readonly isEqual: boolean;
}

/** Longest value shown whole, in characters. */
const LONGEST = 60;

/**
 * Lists every value that a run gave, where `compareCells` names the first that
 * differs. What was asked for, the config, is left out.
 *
 * @returns In the order of the recorded cell, then what it lacks.
 */
export function compareValues(
  recorded: FinishedCell,
  repeated: FinishedCell,
): ComparedValue[] {
  const [a, b] = [recorded, repeated].map((cell) => {
    const { duplication, outcome } = reproducible(cell) as FinishedCell;
    return { duplication, outcome };
  });
  return listLeaves(a, b, "").map(({ field, values: [expected, got] }) => {
    const found = firstDifference(expected, got, field);
    if (found !== null) return { ...found, isEqual: false };
    const text = JSON.stringify(expected);
    const shown = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
    return { field, expected: shown, got: shown, isEqual: true };
  });
}

interface Leaf {
  field: string;
  values: [unknown, unknown];
}

/** Lists of numbers, such as counts per class, are values as a whole. */
function listLeaves(a: unknown, b: unknown, at: string): Leaf[] {
  if (!isTree(a) && !isTree(b)) return [{ field: at, values: [a, b] }];
  const keys = new Set(
    [a, b].flatMap((tree) => isTree(tree) ? Object.keys(tree) : []),
  );
  const own = (tree: unknown, key: string) =>
    isTree(tree) && Object.hasOwn(tree, key) ? tree[key] : undefined;
  return [...keys].flatMap((key) =>
    listLeaves(own(a, key), own(b, key), at === "" ? key : `${at}.${key}`)
  ).filter(({ values: [one, other] }) =>
    one !== undefined || other !== undefined
  );
}

function isTree(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) ||
    value.some((item) => typeof item === "object" && item !== null);
}
