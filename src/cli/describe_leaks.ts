import { countOf } from "../core/count_of.ts";

/** Test images that have duplicates among the training images. */
export interface Leaks {
  /** Such test images by class, shape `[classes]`. */
  readonly perClass: readonly number[];
  /** Names of the classes. */
  readonly classNames: readonly string[];
  /** Number of test images. */
  readonly testRows: number;
  /** Whether near duplicates were counted. */
  readonly near: boolean;
  /** Whether the split was to keep duplicates on one side. */
  readonly keepsGroups: boolean;
}

/** Classes that are named. */
const named = 5;

/** How many test images leak, in a line, and of which classes. */
export function describeLeaks(
  { perClass, classNames, testRows, near, keepsGroups }: Leaks,
): string {
  const sum = perClass.reduce((a, b) => a + b, 0);
  const kind = near
    ? "a duplicate (exact, near or mirrored)"
    : "an exact duplicate";
  const text =
    `test images with ${kind} among the training images: ${sum} of ${testRows}`;
  if (sum === 0) return text;
  const classes = classNames.flatMap((name, c) =>
    perClass[c] === 0 ? [] : [`${name} ${perClass[c]}`]
  );
  const more = classes.length - named;
  const list = [
    ...classes.slice(0, named),
    ...(more > 0 ? [countOf(more, "more class", "more classes")] : []),
  ].join(", ");
  return keepsGroups
    ? `${text} (${list}): these classes have too few groups of duplicates to keep each on one side`
    : `${text} (${list})`;
}
