import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  chooseRemovals,
  type ConflictRule,
  type KeepRule,
  keepRules,
} from "../../src/detection/choose_kept.ts";
import type { ExplainedGroup } from "../../src/detection/explain_groups.ts";

/** A group of files of given sizes, all training images of one class. */
function groupOf(
  files: readonly { width: number; bytes: number }[],
  labels: readonly string[] = [],
): ExplainedGroup {
  return {
    place: "train",
    isConflict: new Set(labels).size > 1,
    difference: 0.1,
    images: files.map(({ width, bytes }, at) => ({
      at,
      split: "train",
      row: at,
      label: labels[at] ?? "cat",
      path: `cat/${at}.png`,
      file: { bytes, width, height: 10, format: "png", sha256: "" },
    })),
  };
}

const all = () => 0.1;

/** The removed images by `at`, with the images that are kept for them. */
const removed = (
  group: ExplainedGroup,
  rule: KeepRule,
  { differenceOf = all, conflicts = "keep" as ConflictRule, fixed = -1 } =
    {} as {
      differenceOf?: (one: number, other: number) => number | undefined;
      conflicts?: ConflictRule;
      fixed?: number;
    },
) =>
  chooseRemovals(group, {
    rule,
    conflicts,
    differenceOf,
    isFixed: ({ at }) => at === fixed,
  }).map(({ image, kept }) => [image.at, kept?.at]);

Deno.test("chooseRemovals() keeps the first, the largest file, or the most pixels", () => {
  const group = groupOf([
    { width: 10, bytes: 5 },
    { width: 20, bytes: 6 },
    { width: 20, bytes: 7 },
    { width: 10, bytes: 9 },
    { width: 10, bytes: 9 },
  ]);
  assertEquals(removed(group, "first"), [[1, 0], [2, 0], [3, 0], [4, 0]]);
  assertEquals(removed(group, "largest"), [[4, 3], [2, 3], [1, 3], [0, 3]]);
  assertEquals(removed(group, "best"), [[1, 2], [3, 2], [4, 2], [0, 2]]);
  const archived = removed(group, "best", { fixed: 0 });
  assertEquals(archived, [[2, 0], [1, 0], [3, 0], [4, 0]]);
});

Deno.test("chooseRemovals() keeps both ends of a chain, and names the nearest that is kept", () => {
  const group = groupOf([0, 1, 2].map(() => ({ width: 9, bytes: 9 })));
  const chain = (one: number, other: number) =>
    Math.abs(one - other) === 1 ? (one + other === 1 ? 0.3 : 0.2) : undefined;
  assertEquals(removed(group, "first", { differenceOf: chain }), [[1, 0]]);
  const ends = groupOf([{ width: 9, bytes: 9 }, { width: 1, bytes: 1 }, {
    width: 9,
    bytes: 9,
  }]);
  assertEquals(removed(ends, "best", { differenceOf: chain }), [[1, 2]]);
});

Deno.test("chooseRemovals() leaves or removes all of a group whose labels disagree", () => {
  const group = groupOf(
    [0, 1].map(() => ({ width: 9, bytes: 9 })),
    ["cat", "dog"],
  );
  assertEquals(removed(group, "first"), [[1, 0]]);
  assertEquals(removed(group, "first", { conflicts: "leave" }), []);
  assertEquals(removed(group, "first", { conflicts: "remove" }), [
    [0, undefined],
    [1, undefined],
  ]);
});

Deno.test("chooseRemovals() removes only images with a kept direct duplicate, and keeps no two duplicates", () => {
  fc.assert(fc.property(
    fc.array(fc.record({ width: fc.nat(4), bytes: fc.nat(4) }), {
      minLength: 2,
      maxLength: 9,
    }),
    fc.array(fc.boolean(), { minLength: 81, maxLength: 81 }),
    fc.constantFrom(...keepRules),
    (files, edges, rule) => {
      const differenceOf = (one: number, other: number) =>
        edges[Math.min(one, other) * 9 + Math.max(one, other)]
          ? 0.2
          : undefined;
      const group = groupOf(files);
      const gone = new Map(
        removed(group, rule, { differenceOf }) as [number, number][],
      );
      const kept = group.images.map(({ at }) => at)
        .filter((at) => !gone.has(at));
      for (const [at, for_] of gone) {
        assertEquals([gone.has(for_), differenceOf(at, for_)], [false, 0.2]);
      }
      for (const one of kept) {
        for (const other of kept) {
          if (one < other) assertEquals(differenceOf(one, other), undefined);
        }
      }
    },
  ));
});
