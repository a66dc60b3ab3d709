/** Values that differ by rounding alone must not pass for effects. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { bcaInterval } from "../../src/analysis/bca_interval.ts";
import { testEquivalence, testMean } from "../../src/analysis/paired_test.ts";
import { testSignFlip } from "../../src/analysis/sign_flip.ts";
import { slopeOf } from "../../src/analysis/slope.ts";

/** The ratios of the paper's adversarial arm. */
const ratios = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

Deno.test("slopeOf() of equal values is 0 exactly, whatever they are", () => {
  for (let correct = 0; correct <= 1000; correct++) {
    const points = ratios.map((r): [number, number] => [r, correct / 10]);
    assertEquals(Math.abs(slopeOf(points)), 0, `${correct}`);
  }
  // A millionth of a point is one, nevertheless.
  const small = ratios.map((r): [number, number] => [r, 70.1 + 1e-6 * r]);
  assertAlmostEquals(slopeOf(small) / 1e-6, 1, 1e-6);
});

Deno.test("testMean() of equal slopes has no spread, though they are rounded", () => {
  const slopes = [1, 2, 3, 4, 5, 6].map((seed) =>
    slopeOf(ratios.map((r) => [r, 20.3 + 7.7 * seed - 4 * r]))
  );
  assertEquals(new Set(slopes).size > 1, true);
  const { mean, sd, effect, detectable, p } = testMean(slopes);
  assertAlmostEquals(mean, -4, 1e-12);
  assertEquals([sd, effect, detectable, p], [0, null, 0, 0]);
  assertEquals(testEquivalence(slopes, 1), 1);
  assertEquals(testEquivalence(slopes, 5), 0);
  assertEquals(bcaInterval(slopes), null);
});

Deno.test("testSignFlip() of values that sum to 0 is 1, in points as in images", () => {
  const images = [3, -1, -2, 7, -6, -1, 4, -4];
  assertEquals(testSignFlip(images), 1);
  for (const rows of [10, 30, 70, 1000, 10_000]) {
    assertEquals(testSignFlip(images.map((k) => 100 * k / rows)), 1, `${rows}`);
  }
});

Deno.test("bcaInterval() is the same in points as in images", () => {
  // Many resamples have the mean of all: ties, which rounding must not break.
  const images = [5, -2, -2, 2, 4, -2, 5, -2, -2, 2, 4, -2];
  const [low, high] = bcaInterval(images)!;
  for (const rows of [300, 700, 1000, 10_000]) {
    const points = bcaInterval(images.map((k) => 100 * k / rows))!;
    assertAlmostEquals(points[0] * rows / 100, low, 1e-9);
    assertAlmostEquals(points[1] * rows / 100, high, 1e-9);
  }
});
