import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { classBalancedRows } from "../../src/data/class_balanced_rows.ts";
import { countPerClass } from "../../src/data/dataset.ts";

const classes = 4;
const labelled = fc.uint8Array({ min: 0, max: classes - 1, maxLength: 60 })
  .chain((labels) =>
    fc.tuple(fc.constant(labels), fc.nat(labels.length), fc.nat(labels.length))
  );

function choose(labels: Uint8Array, count: number): number[] {
  return [...classBalancedRows(labels, { count, classes, split: "train" })];
}

Deno.test("classBalancedRows() gives that many distinct rows in ascending order", () => {
  fc.assert(fc.property(labelled, ([labels, count]) => {
    const rows = choose(labels, count);
    assertEquals(rows.length, count);
    assertEquals(rows, [...new Set(rows)].sort((a, b) => a - b));
    assert(rows.every((row) => row < labels.length));
  }));
});

Deno.test("classBalancedRows() differs by at most one between classes not used up", () => {
  fc.assert(fc.property(labelled, ([labels, count]) => {
    const rows = choose(labels, count);
    const all = countPerClass(labels, classes);
    const got = countPerClass(
      Uint8Array.from(rows, (row) => labels[row]!),
      classes,
    );
    const most = Math.max(...got);
    got.forEach((n, label) => assert(n >= most - 1 || n === all[label]));
  }));
});

Deno.test("classBalancedRows() contains the rows chosen for a smaller count", () => {
  fc.assert(fc.property(labelled, ([labels, a, b]) => {
    const large = new Set(choose(labels, Math.max(a, b)));
    assert(choose(labels, Math.min(a, b)).every((row) => large.has(row)));
  }));
});

Deno.test("classBalancedRows() gives a remainder to the first classes", () => {
  const labels = Uint8Array.from({ length: 400 }, (_, row) => row % classes);
  const got = choose(labels, 10).map((row) => labels[row]!);
  assertEquals(countPerClass(Uint8Array.from(got), classes), [3, 3, 2, 2]);
});

Deno.test("classBalancedRows() draws the same rows every time, and others for each split", () => {
  const labels = Uint8Array.from({ length: 400 }, (_, row) => row % classes);
  const train = choose(labels, 40);
  assertEquals(train, choose(labels, 40));
  assertNotEquals(train, Array.from({ length: 40 }, (_, row) => row));
  assertNotEquals(train, [
    ...classBalancedRows(labels, { count: 40, classes, split: "test" }),
  ]);
});
