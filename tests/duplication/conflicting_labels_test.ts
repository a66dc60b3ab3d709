import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { openStream } from "../../src/core/stream.ts";
import { conflictingLabels } from "../../src/duplication/conflicting_labels.ts";

const problem = fc.record({
  rows: fc.array(fc.nat(29), { maxLength: 350 }),
  labels: fc.uint8Array({ min: 0, max: 4, minLength: 30, maxLength: 30 }),
  seed: fc.maxSafeNat(),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
});

const check = (
  property: (
    p: typeof problem extends fc.Arbitrary<infer P> ? P : never,
  ) => void,
) => fc.assert(fc.property(problem, property), { seed: 17, numRuns: 200 });

Deno.test("conflictingLabels() of share 0 are the originals', of share 1 all others", () => {
  check(({ rows, labels, seed }) => {
    const copies = Uint32Array.from(rows);
    const own = Uint8Array.from(rows, (row) => labels[row]!);
    const of = (share: number) =>
      conflictingLabels(copies, labels, { share, classes: 5, seed });
    assertEquals(of(0), own);
    assert(of(1).every((label, i) => label !== own[i] && label < 5));
  });
});

Deno.test("conflictingLabels() nest in the share and in the number of copies", () => {
  check(({ rows, labels, seed, share, part }) => {
    const copies = Uint32Array.from(rows);
    const larger = conflictingLabels(copies, labels, {
      share,
      classes: 5,
      seed,
    });
    const fewer = copies.subarray(0, Math.round(part * copies.length));
    assertEquals(
      conflictingLabels(fewer, labels, { share, classes: 5, seed }),
      larger.slice(0, fewer.length),
    );
    const smaller = conflictingLabels(copies, labels, {
      share: part * share,
      classes: 5,
      seed,
    });
    smaller.forEach((label, i) => {
      if (label !== labels[copies[i]!]) assertEquals(label, larger[i]);
    });
  });
});

Deno.test("conflictingLabels() are exactly the share of each hundred copies, in whole per cents", () => {
  const labels = Uint8Array.from({ length: 40 }, (_, row) => row % 10);
  const copies = Uint32Array.from({ length: 1000 }, (_, copy) => copy % 40);
  for (const percent of [1, 7, 25, 29, 50, 57, 99]) {
    const found = conflictingLabels(copies, labels, {
      share: percent / 100,
      classes: 10,
      seed: 3,
    });
    for (let at = 0; at < 1000; at += 100) {
      const differs = found.subarray(at, at + 100)
        .filter((label, i) => label !== labels[copies[at + i]!]);
      assertEquals(differs.length, percent);
    }
  }
});

Deno.test("conflictingLabels() take each other class equally often: chi-squared below its 99.9 % quantile", () => {
  const copies = new Uint32Array(9000);
  const counts = new Array<number>(10).fill(0);
  conflictingLabels(copies, Uint8Array.of(4), {
    share: 1,
    classes: 10,
    seed: 1,
  }).forEach((label) => counts[label]!++);
  assertEquals(counts[4], 0);
  const statistic = counts.filter((_, label) => label !== 4)
    .reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  // scipy.stats.chi2.ppf(.999, 8)
  assert(statistic < 26.12, `${statistic}`);
});

Deno.test("conflictingLabels() draw the label of a copy from a stream of its own", () => {
  const labels = Uint8Array.of(2);
  const found = conflictingLabels(new Uint32Array(3), labels, {
    share: 1,
    classes: 7,
    seed: 5,
  });
  const expected = [0, 1, 2].map((copy) => {
    const stream = openStream(5, "plan", "conflict", copy);
    stream.uniform();
    const other = stream.below(6);
    return other < 2 ? other : other + 1;
  });
  assertEquals([...found], expected);
});

Deno.test("conflictingLabels() refuses a data set of one class", () => {
  const labels = Uint8Array.of(0);
  const options = { classes: 1, seed: 1 };
  assertThrows(
    () =>
      conflictingLabels(Uint32Array.of(0), labels, { ...options, share: 0.5 }),
    RangeError,
    '"conflict" must be 0 for a data set of one class, got 0.5',
  );
  assertEquals(
    conflictingLabels(Uint32Array.of(0), labels, { ...options, share: 0 }),
    Uint8Array.of(0),
  );
});
