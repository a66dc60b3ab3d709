import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bcaInterval } from "../../src/analysis/bca_interval.ts";
import { adjustHolm } from "../../src/analysis/holm.ts";
import { testMcNemar } from "../../src/analysis/mcnemar.ts";
import { testEquivalence, testMean } from "../../src/analysis/paired_test.ts";
import { testSignFlip } from "../../src/analysis/sign_flip.ts";
import { slopeOf } from "../../src/analysis/slope.ts";
import { openStream } from "../../src/core/stream.ts";

/** Student's sleep data (1908, Biometrika 6): hours gained, two drugs. */
const sleep = [
  [0.7, 1.9],
  [-1.6, 0.8],
  [-0.2, 1.1],
  [-1.2, 0.1],
  [-0.1, -0.1],
  [3.4, 4.4],
  [3.7, 5.5],
  [0.8, 1.6],
  [0.0, 4.6],
  [2.0, 3.4],
].map(([first, second]) => first! - second!);

/** Darwin's maize (Fisher 1935, The Design of Experiments, ch. 3). */
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

/** The distribution of t by Simpson's rule on its density. */
function tBelow(t: number, df: number): number {
  const density = (x: number) => (1 + x * x / df) ** (-(df + 1) / 2);
  const simpson = (from: number, to: number) => {
    const steps = 20_000;
    const h = (to - from) / steps;
    let sum = density(from) + density(to);
    for (let i = 1; i < steps; i++) {
      sum += (i % 2 === 1 ? 4 : 2) * density(from + i * h);
    }
    return sum * h / 3;
  };
  return 0.5 + simpson(0, t) / (2 * simpson(0, 400));
}

/** Standard normal numbers (Box and Muller 1958). */
function normals(seed: number) {
  const stream = openStream(seed, "analysis", "test");
  return () =>
    Math.sqrt(-2 * Math.log(1 - stream.uniform())) *
    Math.cos(2 * Math.PI * stream.uniform());
}

Deno.test("testMean() gives the published t test of Student's sleep data", () => {
  const { n, mean, interval, p, effect } = testMean(sleep);
  assertEquals(n, 10);
  assertAlmostEquals(mean, -1.58, 1e-12);
  assertAlmostEquals(effect! * Math.sqrt(10), -4.0621, 5e-5);
  assertAlmostEquals(p!, 0.002833, 5e-7);
  assertAlmostEquals(interval![0], -2.4598858, 5e-8);
  assertAlmostEquals(interval![1], -0.7001142, 5e-8);
});

Deno.test("testMean() names the mean that is found four times in five", () => {
  const draw = normals(1);
  const n = 10;
  // At deviation 1 the detectable mean is that of a sample of deviation 1.
  const shape = testMean(Array.from({ length: n }, (_, i) => i));
  const mean = shape.detectable! / shape.sd;
  let found = 0;
  const runs = 4000;
  for (let run = 0; run < runs; run++) {
    const sample = Array.from({ length: n }, () => mean + draw());
    if (testMean(sample).p! < 0.05) found++;
  }
  assertAlmostEquals(found / runs, 0.8, 0.03);
});

Deno.test("testMean() of one value, and of equal ones, tests nothing it cannot", () => {
  assertEquals(testMean([3]).interval, null);
  assertEquals(testMean([3]).p, null);
  assertEquals(testMean([0, 0]).p, 1);
  assertEquals(testMean([2, 2]).p, 0);
});

Deno.test("testEquivalence() is the larger of two one-sided p, by integration", () => {
  const { mean, sd } = testMean(sleep);
  const error = sd / Math.sqrt(10);
  for (const margin of [0.5, 1.58, 3]) {
    const expected = Math.max(
      tBelow((mean - margin) / error, 9),
      1 - tBelow((mean + margin) / error, 9),
    );
    assertAlmostEquals(testEquivalence(sleep, margin)!, expected, 1e-6);
  }
  assertEquals(testEquivalence([0, 0, 0], 1), 0);
  assertEquals(testEquivalence([2, 2, 2], 1), 1);
});

Deno.test("testSignFlip() gives Fisher's count for Darwin's maize", () => {
  // 1,726 of 32,768 patterns are as far from 0.
  assertEquals(testSignFlip(maize), 1726 / 32768);
});

Deno.test("testSignFlip() of five values of one sign is .0625, of six below .05", () => {
  assertEquals(testSignFlip([1, 2, 3, 4, 5]), 0.0625);
  assertEquals(testSignFlip([1, 2, 3, 4, 5, 6]), 0.03125);
  assertEquals(testSignFlip([0.1, -0.1]), 1);
});

Deno.test("testSignFlip() of many values is sampled, near the exact share", () => {
  // All of one sign: only two of 2^24 patterns are as far.
  assertEquals(testSignFlip(Array(24).fill(1)), 1 / 100_001);
  const draw = normals(5);
  const values = Array.from({ length: 24 }, () => 0.3 + draw());
  assertAlmostEquals(testSignFlip(values), testMean(values).p!, 0.02);
});

Deno.test("adjustHolm() gives R's p.adjust for its example", () => {
  const adjusted = adjustHolm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, i) =>
    assertAlmostEquals(adjusted[i]!, p, 1e-12)
  );
});

Deno.test("adjustHolm() is never below its input, above 1 or out of order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
      (ps) => {
        const adjusted = adjustHolm(ps);
        ps.forEach((p, i) => {
          assert(adjusted[i]! >= p && adjusted[i]! <= 1);
          ps.forEach((q, j) => p >= q || assert(adjusted[i]! <= adjusted[j]!));
        });
      },
    ),
    { seed: 1 },
  );
});

Deno.test("testMcNemar() is the binomial tail of the images that changed", () => {
  const first = [...Array(9).fill(true), false, true, false];
  const second = [...Array(9).fill(false), true, true, false];
  // 2 (C(10, 0) + C(10, 1)) / 2^10, by hand.
  assertEquals(testMcNemar(first, second).onlyFirst, 9);
  assertEquals(testMcNemar(first, second).onlySecond, 1);
  assertAlmostEquals(testMcNemar(first, second).p, 22 / 1024, 1e-12);
  assertEquals(testMcNemar(first, first).p, 1);
});

Deno.test("slopeOf() gives Anscombe's published slope", () => {
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  assertAlmostEquals(slopeOf(x.map((v, i) => [v, y[i]!])), 0.50009, 5e-6);
});

Deno.test("bcaInterval() covers the mean of skewed values better than it misses", () => {
  const stream = openStream(2, "analysis", "skewed");
  const runs = 200;
  let [covered, lowMisses, highMisses] = [0, 0, 0];
  for (let run = 0; run < runs; run++) {
    // Exponential, mean 1.
    const values = Array.from(
      { length: 20 },
      () => -Math.log(1 - stream.uniform()),
    );
    const [low, high] = bcaInterval(values)!;
    if (low <= 1 && 1 <= high) covered++;
    else if (high < 1) highMisses++;
    else lowMisses++;
  }
  // Nominal 95 %; at 20 skewed values the method is known to fall short a little.
  assert(covered / runs > 0.87 && covered / runs < 0.99, `${covered}`);
  assert(highMisses + lowMisses === runs - covered);
});

Deno.test("bcaInterval() of symmetric values is symmetric, and shifts and scales with them", () => {
  const values = [-3, -2, -1, -0.5, -0.2, 0.2, 0.5, 1, 2, 3];
  const [low, high] = bcaInterval(values)!;
  assertAlmostEquals(low, -high, 0.05);
  const [a, b] = bcaInterval(values.map((v) => 10 + 2 * v))!;
  assertAlmostEquals(a, 10 + 2 * low, 1e-9);
  assertAlmostEquals(b, 10 + 2 * high, 1e-9);
  assertEquals(bcaInterval(Array(12).fill(1)), null);
  assertEquals(bcaInterval([1, 2]), null);
  // With fewer it covers too little.
  assertEquals(bcaInterval(values.slice(1)), null);
});
