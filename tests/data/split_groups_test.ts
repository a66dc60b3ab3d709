import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { splitGroups } from "../../src/data/split_groups.ts";

/**
 * Splits classes given as lists of groups, by name: `["a a b", "a c"]` has three
 * images in class 0 and two in class 1, and group `a` is in both.
 *
 * @returns Test images by class, as groups, in order.
 */
function split(classes: readonly string[], quotas: readonly number[]) {
  const names = classes.map((text) => text.split(" "));
  const labels = names.flatMap((list, c) => list.map(() => c));
  const flat = names.flat();
  let first = 0;
  const orders = names.map(({ length }) =>
    Uint32Array.from({ length }, () => first++)
  );
  const isTest = splitGroups({
    labels: Uint8Array.from(labels),
    groups: Uint32Array.from(flat, (name) => flat.indexOf(name)),
    orders,
    quotas,
  });
  return names.map((_, c) =>
    flat.filter((_, row) => labels[row] === c && isTest[row]).join(" ")
  );
}

Deno.test("splitGroups() takes the first of each class where there are no duplicates", () => {
  assertEquals(split(["a b c d", "e f g"], [2, 1]), ["a b", "e"]);
});

Deno.test("splitGroups() skips a group that is too large, and fills the quota with others", () => {
  assertEquals(split(["a a a b c d"], [2]), ["b c"]);
  assertEquals(split(["a b b c"], [2]), ["a c"]);
  assertEquals(split(["a a b c"], [2]), ["a a"]);
});

Deno.test("splitGroups() exceeds a quota only where that is nearer to it", () => {
  // Two of three lack less than none.
  assertEquals(split(["a a a b b b b"], [2]), ["a a a"]);
  // One test image is nearer to two than four are.
  assertEquals(split(["a b b b c c c"], [2]), ["a"]);
});

Deno.test("splitGroups() gives every class a test image, of the group nearest to its quota", () => {
  assertEquals(split(["a a a a a b b b b"], [1]), ["b b b b"]);
});

Deno.test("splitGroups() keeps a group whole over all classes, within each quota", () => {
  assertEquals(split(["a b c d", "a e f g"], [1, 1]), ["a", "a"]);
  // Class 1 has no place for three images of the first group.
  assertEquals(split(["a b c d", "a a a e f"], [1, 1]), ["b", "e"]);
});

Deno.test("splitGroups() splits a class that is one group within it, and leaves the other classes whole", () => {
  assertEquals(split(["a a a a a"], [1]), ["a"]);
  assertEquals(split(["a a"], [1]), ["a"]);
  // Class 0 has images of one group only, which is in class 1 also.
  assertEquals(split(["a a", "a b c"], [1, 1]), ["a", "b"]);
});

Deno.test("splitGroups() keeps groups whole, trains on every class, and tests each, for any groups", () => {
  const groupOf = fc.nat(9);
  const classes = fc.array(
    fc.array(groupOf, { minLength: 2, maxLength: 15 }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(fc.property(classes, (lists) => {
    const labels = Uint8Array.from(
      lists.flatMap((list, c) => list.map(() => c)),
    );
    const groups = Uint32Array.from(lists.flat());
    let first = 0;
    const orders = lists.map(({ length }) =>
      Uint32Array.from({ length }, () => first++)
    );
    const quotas = lists.map(({ length }) =>
      Math.max(1, Math.floor(length / 5))
    );
    const isTest = splitGroups({ labels, groups, orders, quotas });
    const rows = [...labels.keys()];
    const ofClass = (c: number, test: boolean) =>
      rows.filter((row) => labels[row] === c && isTest[row] === test);
    lists.forEach((_, c) => {
      assert(ofClass(c, true).length > 0, `class ${c} has no test image`);
      assert(ofClass(c, false).length > 0, `class ${c} has no training image`);
    });
    const sides = (group: number) =>
      new Set(
        rows.filter((row) => groups[row] === group).map((r) => isTest[r]),
      );
    for (const group of new Set(groups)) {
      if (sides(group).size < 2) continue;
      // Only for a class whose test images could not be whole groups.
      const forced = lists.some((_, c) => {
        const tests = ofClass(c, true);
        return tests.some((row) => groups[row] === group) &&
          tests.every((row) => sides(groups[row]!).size === 2);
      });
      assert(forced, `group ${group} is split`);
    }
  }));
});
