import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  chooseRemovals,
  type ConflictRule,
  type KeepRule,
  keepRules,
} from "../../src/detection/choose_kept.ts";
import {
  type DirectDuplicates,
  directDuplicates,
} from "../../src/detection/search_duplicates.ts";
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

/** The direct duplicates within a group, none of which are equal. */
function directOf(
  { images }: ExplainedGroup,
  differenceOf: (one: number, other: number) => number | undefined,
): DirectDuplicates {
  return {
    firstOf: (at) => at,
    nearOf: (at) =>
      new Map(images.flatMap((other) => {
        const difference = differenceOf(at, other.at);
        return other.at === at || difference === undefined
          ? []
          : [[other.at, difference] as const];
      })),
  };
}

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
    direct: directOf(group, differenceOf),
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

Deno.test("chooseRemovals() keeps what a comparison with every image kept before does, equal images and archives included", () => {
  fc.assert(fc.property(
    fc.array(fc.record({ width: fc.nat(3), bytes: fc.nat(3) }), {
      minLength: 9,
      maxLength: 9,
    }),
    fc.array(fc.nat(8), { minLength: 9, maxLength: 9 }),
    fc.array(fc.option(fc.constantFrom(0, 0.1, 0.2)), {
      minLength: 81,
      maxLength: 81,
    }),
    fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    fc.constantFrom(...keepRules),
    (files, equals, differences, fixed, rule) => {
      const firsts = Uint32Array.from(
        equals,
        (value) => equals.indexOf(value),
      );
      const near = differences.flatMap((difference, i) => {
        const [first, second] = [i % 9, Math.floor(i / 9)];
        return difference === null || first >= second ||
            firsts[first] !== first || firsts[second] !== second
          ? []
          : [{ first, second, difference }];
      });
      const group = groupOf(files);
      const isFixed = ({ at }: { at: number }) => fixed[at]!;
      const found = chooseRemovals(group, {
        rule,
        conflicts: "keep",
        direct: directDuplicates({ firsts, near }),
        isFixed,
      });
      const differenceOf = (one: number, other: number) => {
        const [a, b] = [firsts[one]!, firsts[other]!];
        return a === b
          ? 0
          : near.find(({ first, second }) =>
            first === Math.min(a, b) && second === Math.max(a, b)
          )?.difference ?? Infinity;
      };
      const gone = new Map(
        found.map(({ image, kept }) => [image.at, kept!.at]),
      );
      const order = ranked(group, { rule, isFixed });
      const kept: number[] = [];
      for (const at of order) {
        const nearest = kept.toSorted((a, b) =>
          differenceOf(a, at) - differenceOf(b, at) ||
          kept.indexOf(a) - kept.indexOf(b)
        )[0];
        const isNear = nearest !== undefined && !fixed[at] &&
          differenceOf(nearest, at) < Infinity;
        assertEquals(gone.get(at), isNear ? nearest : undefined);
        if (!isNear) {
          kept.push(at);
        }
      }
    },
  ));
});

/** The images from the best to the last, by the definition of the rules. */
function ranked(
  { images }: ExplainedGroup,
  { rule, isFixed }: {
    rule: KeepRule;
    isFixed: (image: { at: number }) => boolean;
  },
): number[] {
  const worth = ({ at, file }: typeof images[number]) => [
    Number(isFixed({ at })),
    rule === "best" ? file!.width : 0,
    rule === "first" ? 0 : file!.bytes,
    -at,
  ];
  return images.toSorted((a, b) => {
    const [one, other] = [worth(a), worth(b)];
    const i = one.findIndex((value, i) => value !== other[i]);
    return i < 0 ? 0 : other[i]! - one[i]!;
  }).map(({ at }) => at);
}

Deno.test("chooseRemovals() goes through a chain of 100,000 images in no more steps than it has pairs", () => {
  const rows = 100_000;
  let steps = 0;
  const removals = chooseRemovals(
    groupOf(Array.from({ length: rows }, () => ({ width: 1, bytes: 1 }))),
    {
      rule: "first",
      conflicts: "keep",
      direct: {
        firstOf: (at) => at,
        nearOf(at) {
          steps += 2;
          return new Map([[at - 1, 0.1], [at + 1, 0.1]]);
        },
      },
    },
  );
  assertEquals(removals.length, rows / 2);
  assertEquals(steps, 2 * rows);
});
