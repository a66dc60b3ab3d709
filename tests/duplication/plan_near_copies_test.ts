import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import type { PixelChange } from "../../src/data/pixel_change.ts";
import { nearKindNames } from "../../src/spec/axes/copies.ts";
import { planNearCopies } from "../../src/duplication/plan_near_copies.ts";

const plan = (copies: number, seed = 1, kinds = nearKindNames) =>
  planNearCopies(copies, { seed, kinds });

Deno.test("planNearCopies() nests: fewer copies change in the same way as the first of more", () => {
  assertEquals(plan(40), plan(100).slice(0, 40));
  assertEquals(plan(0), []);
});

Deno.test("planNearCopies() gives the same changes for the same seed only", () => {
  assertEquals(plan(50, 7), plan(50, 7));
  assertNotEquals(plan(50, 7), plan(50, 8));
});

Deno.test("planNearCopies() draws every kind equally often", () => {
  const counts = Map.groupBy(plan(4000), ({ kind }) => kind);
  for (const kind of nearKindNames) {
    // Five standard deviations of a count of 4,000 draws at one in four.
    const off = Math.abs(counts.get(kind)!.length - 1000);
    assert(off < 5 * Math.sqrt(4000 * 0.25 * 0.75), `${kind}: off by ${off}`);
  }
});

Deno.test("planNearCopies() draws every shift, brightness and quality of its ranges", () => {
  const drawn = (
    kind: PixelChange["kind"],
    text: (c: PixelChange) => string,
  ) => [...new Set(planNearCopies(4000, { seed: 2, kinds: [kind] }).map(text))];
  const shifts = drawn(
    "shift",
    (c) => c.kind === "shift" ? `${c.down} ${c.right}` : "",
  );
  const expected = [-2, -1, 0, 1, 2].flatMap((down) =>
    [-2, -1, 0, 1, 2].map((right) => `${down} ${right}`)
  ).filter((place) => place !== "0 0");
  assertEquals(shifts.toSorted(), expected.toSorted());
  const percents = drawn(
    "brightness",
    (c) => c.kind === "brightness" ? String(c.percent) : "",
  ).map(Number).toSorted((a, b) => a - b);
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  assertEquals(percents, [...range(70, 95), ...range(105, 130)]);
  const qualities = drawn(
    "jpeg",
    (c) => c.kind === "jpeg" ? `${c.quality}` : "",
  );
  assertEquals(
    qualities.map(Number).toSorted((a, b) => a - b),
    range(50, 95),
  );
});

Deno.test("planNearCopies() gives the changes of earlier versions", () => {
  // Pinned: a change here changes every published result set.
  assertEquals(plan(5), [
    { kind: "shift", down: 1, right: 2 },
    { kind: "jpeg", quality: 52 },
    { kind: "brightness", percent: 125 },
    { kind: "shift", down: -2, right: 1 },
    { kind: "shift", down: 2, right: 2 },
  ]);
});

Deno.test("planNearCopies() refuses numbers that are no counts, no kinds and unknown ones", () => {
  for (const copies of [NaN, -1, 1.5, Infinity]) {
    assertThrows(
      () => plan(copies),
      RangeError,
      `"copies" must be an integer of at least 0, got ${copies}`,
    );
  }
  for (const [kinds, message] of [[[], "got none"], [["blur"], "blur"]]) {
    assertThrows(
      () => plan(3, 1, kinds as unknown as typeof nearKindNames),
      RangeError,
      message as string,
    );
  }
});
