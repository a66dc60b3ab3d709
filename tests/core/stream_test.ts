import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { openStream, permutation } from "../../src/core/stream.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const draw = (seed: number, ...keys: (string | number)[]) => {
  const stream = openStream(seed, "plan", ...keys);
  return Array.from({ length: 8 }, () => stream.uniform());
};

Deno.test("openStream() gives the same numbers for the same seed and keys", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assertEquals(draw(seed, "a", 1), draw(seed, "a", 1));
  }));
});

Deno.test("openStream() gives unrelated numbers for another seed, purpose or key", () => {
  const all = [
    draw(0),
    draw(1),
    draw(0, 0),
    draw(0, "0"),
    draw(0, 1),
    draw(0, 0, 1),
    Array.from({ length: 8 }, openStream(0, "shuffle").uniform),
  ].map(String);
  assertEquals(new Set(all).size, all.length);
});

Deno.test("openStream() accepts the seed 0", () => {
  const values = Array.from({ length: 1000 }, openStream(0, "init").uniform);
  assertEquals(new Set(values).size, 1000);
});

Deno.test("openStream() has not changed since version 0.1", () => {
  // No-regression values of our own: a change here changes every result set.
  const { below } = openStream(42, "shuffle", 3, "x");
  assertEquals(Array.from({ length: 6 }, () => below(1000)), KNOWN);
});
const KNOWN = [782, 356, 864, 132, 964, 175];

Deno.test("openStream() uniforms have the mean and variance of the uniform distribution", () => {
  const stream = openStream(7, "attack");
  const values = Array.from({ length: 100_000 }, stream.uniform);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, x) => a + (x - mean) ** 2, 0) /
    values.length;
  // Five standard errors: sqrt(1/12/n), and sqrt(1/180/n) for the variance.
  assertEquals(Math.abs(mean - 0.5) < 0.0046, true);
  assertEquals(Math.abs(variance - 1 / 12) < 0.0012, true);
});

Deno.test("openStream() refuses seeds that are not integers of at least 0", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assertThrows(() => openStream(seed, "init"), RangeError, String(seed));
  }
});

Deno.test("permutation() has every index once", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 200 }), (seed, n) => {
    const order = permutation(n, openStream(seed, "shuffle"));
    assertEquals([...order].sort((a, b) => a - b), [...Array(n).keys()]);
  }));
});

Deno.test("permutation() gives every order of three about equally often", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const key = permutation(3, openStream(seed, "shuffle")).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  // Chi-square with 5 degrees of freedom: 20.5 is the 99.9 % point.
  const chi = [...counts.values()].reduce(
    (a, n) => a + (n - 1000) ** 2 / 1000,
    0,
  );
  assertEquals(chi < 20.5, true, `chi-square ${chi}`);
  assertNotEquals(chi, 0);
});

Deno.test("fillSymmetric() gives the numbers that uniform() would, and goes on from there", () => {
  const size = fc.integer({ min: 0, max: 50 });
  fc.assert(
    fc.property(seeds, size, size, fc.float({ noNaN: true }), (
      seed,
      before,
      length,
      bound,
    ) => {
      const [one, all] = [0, 1].map(() => openStream(seed, "init", "fc1"));
      for (let i = 0; i < before; i++) {
        assertEquals(all!.uniform(), one!.uniform());
      }
      const values = new Float32Array(length);
      all!.fillSymmetric(values, bound);
      const expected = Float32Array.from(
        { length },
        () => bound * (2 * one!.uniform() - 1),
      );
      assertEquals(values, expected);
      assertEquals(all!.uniform(), one!.uniform());
      assertEquals(all!.below(1000), one!.below(1000));
    }),
  );
});
