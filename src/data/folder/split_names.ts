import type { Split } from "../dataset.ts";

const names: Readonly<Record<string, Split | "validation">> = {
  "train": "train",
  "training": "train",
  "val": "validation",
  "valid": "validation",
  "validation": "validation",
  "test": "test",
  "testing": "test",
};

/** The split that a folder or an entry of a manifest is named for, if it is. */
export function splitNamed(name: string): Split | "validation" | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

/**
 * What images of a split are used for. Those for validation are left out where
 * others test, unless all are wanted.
 *
 * @param testing As `testingSplit` gives it.
 * @param whole Whether all are wanted, to train on.
 * @returns `undefined` where the images do not come split.
 */
export function useOfSplit(
  split: Split | "validation" | undefined,
  testing: "test" | "validation" | undefined,
  { whole }: { whole: boolean },
): Split | "left out" | undefined {
  if (testing === undefined) return undefined;
  if (whole) return "train";
  if (split === "validation" && testing === "test") return "left out";
  return split === testing ? "test" : "train";
}

/**
 * The split whose images test: that named so or, without one, the images for
 * validation, as ImageNet has them.
 */
export function testingSplit(
  present: Iterable<Split | "validation">,
): "test" | "validation" | undefined {
  const all = new Set(present);
  if (all.has("test")) return "test";
  return all.has("validation") ? "validation" : undefined;
}
