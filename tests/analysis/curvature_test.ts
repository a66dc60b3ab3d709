import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { curvaturesOf } from "../../src/analysis/curvature.ts";
import { groupArms } from "../../src/analysis/group_arms.ts";
import { testMean } from "../../src/analysis/paired_test.ts";
import { trendsOf } from "../../src/analysis/trends.ts";
import { imagine } from "./_imagine.ts";

Deno.test("curvaturesOf() gives the leading coefficient of numpy.polyfit", () => {
  // NumPy 2.4.6, numpy.polyfit(x, y, 2)[0].
  const points = (xs: number[], ys: number[]) =>
    xs.map((x, i) => [x, ys[i]!] as const);
  const [three] = curvaturesOf([points([0, 0.5, 1], [70, 68.5, 71])]);
  assertAlmostEquals(three!, 8, 1e-12);
  const [five] = curvaturesOf([
    points([0, 0.1, 0.3, 0.5, 1], [50, 49.2, 49.9, 47, 44.5]),
  ]);
  assertAlmostEquals(five!, -2.28633134, 5e-9);
});

Deno.test("curvaturesOf() is over the positions that all have, and needs three", () => {
  const full = [[0, 1], [0.5, 0], [1, 1], [2, 9]] as const;
  const short = [[0, 2], [0.5, 2], [1, 4]] as const;
  // 2 (y(0) - 2 y(.5) + y(1)) over the three that both have.
  const found = curvaturesOf([full, short]);
  assertEquals(found.length, 2);
  for (const value of found) assertAlmostEquals(value, 4, 1e-12);
  assertEquals(curvaturesOf([full, short.slice(1)]), []);
  assertEquals(curvaturesOf([]), []);
  // A straight line has none, however it is rounded.
  const line = [0, 0.1, 0.2, 0.7, 1].map((x) => [x, 20.3 - 4 * x] as const);
  assertEquals(curvaturesOf([line]), [0]);
});

Deno.test("trendsOf() tests what the middle ratio adds, which the slope does not see", () => {
  // Ratio .5 costs 4 points and ratio 1 nothing: the slope is y(1) - y(0).
  const trendOf = (ratios: number[]) => {
    const [runs] = groupArms([
      imagine(({ duplication: { ratio }, seed }) => ({
        accuracy: 50 - (ratio === 0.5 ? 4 + (seed % 2) / 5 : 0),
      }), {
        training: ["standard"],
        policy: ["uniform"],
        budget: ["steps"],
        ratios,
      }),
    ]);
    return trendsOf(runs!, { margin: 1 }).find(({ metric }) =>
      metric === "clean"
    )!;
  };
  const { test, curvature } = trendOf([0, 0.5, 1]);
  assertEquals(test.mean, 0);
  // 2 (0 + 2 (4 or 4.2) + 0), half of the eight seeds each.
  const expected = testMean([16, 16.8, 16, 16.8, 16, 16.8, 16, 16.8]);
  assertAlmostEquals(curvature!.test.mean, expected.mean, 1e-9);
  assertAlmostEquals(curvature!.test.sd, expected.sd, 1e-9);
  assert(curvature!.test.p! < 1e-6);
  // Test images are sampled here, too: 40 of 1,000 fall and rise again, which is
  // a deviation of 4 x 100 x sqrt(.04 x .96) each.
  const { imageError, p } = curvature!.crossed!;
  assertAlmostEquals(imageError, 400 * Math.sqrt(0.04 * 0.96 / 1000), 0.1);
  assert(p > curvature!.test.p! && p < 1e-3);
  assertEquals(trendOf([0, 1]).curvature, null);
});
