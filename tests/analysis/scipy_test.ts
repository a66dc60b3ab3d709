/**
 * Against SciPy 1.17.1, run by hand on two published data sets: Student's sleep
 * data (1908, Biometrika 6, extra hours with one drug less those with the other)
 * and Darwin's maize (Fisher 1935, The Design of Experiments, ch. 3, eighths of
 * an inch). The calls are quoted beside the numbers.
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { bcaInterval } from "../../src/analysis/bca_interval.ts";
import { testMcNemar } from "../../src/analysis/mcnemar.ts";
import { testEquivalence, testMean } from "../../src/analysis/paired_test.ts";
import { testSignFlip } from "../../src/analysis/sign_flip.ts";
import { openStream } from "../../src/core/stream.ts";

const sleep = [-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4];
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

Deno.test("testMean() gives scipy.stats.ttest_1samp and t.interval", () => {
  const first = testMean(sleep);
  assertAlmostEquals(first.p!, 0.002832890197384273, 1e-12);
  assertAlmostEquals(first.interval![0], -2.4598857632769824, 1e-9);
  assertAlmostEquals(first.interval![1], -0.7001142367230176, 1e-9);
  const second = testMean(maize);
  assertAlmostEquals(second.p!, 0.049702944021800866, 1e-12);
  assertAlmostEquals(second.interval![0], 0.031193318392979563, 1e-9);
  assertAlmostEquals(second.interval![1], 41.83547334827369, 1e-9);
});

Deno.test("testEquivalence() gives the larger of two one-sided ttest_1samp", () => {
  // alternative="less" at the margin, alternative="greater" at minus it.
  assertAlmostEquals(testEquivalence(sleep, 1)!, 0.9149441145512885, 1e-10);
  assertAlmostEquals(testEquivalence(sleep, 2)!, 0.1541572356690974, 1e-10);
  assertAlmostEquals(testEquivalence(sleep, 3)!, 0.002655570292658671, 1e-10);
  assertAlmostEquals(testEquivalence(maize, 40)!, 0.03533171151936539, 1e-10);
});

Deno.test("testSignFlip() gives scipy.stats.permutation_test of all patterns", () => {
  // permutation_type="samples", n_resamples=inf
  assertEquals(testSignFlip(sleep), 0.00390625);
  assertEquals(testSignFlip(maize), 0.05267333984375);
});

Deno.test("bcaInterval() gives scipy.stats.bootstrap but for what is drawn", () => {
  // method="BCa", n_resamples=400000. An end from 10,000 draws has a standard
  // error of .03 to .05 of the mean's, which is .39 and 9.7; tolerance is 4.
  const [sleepLow, sleepHigh] = bcaInterval(sleep)!;
  assertAlmostEquals(sleepLow, -2.63, 0.07);
  assertAlmostEquals(sleepHigh, -1.05, 0.05);
  const [maizeLow, maizeHigh] = bcaInterval(maize)!;
  assertAlmostEquals(maizeLow, -1.6667, 1.9);
  assertAlmostEquals(maizeHigh, 36.3333, 1.2);
});

Deno.test("testMcNemar() gives scipy.stats.binomtest for Agresti's approval ratings", () => {
  // Agresti 2002, Categorical Data Analysis, table 10.1: 794, 150, 86, 570.
  const pairs: [first: boolean, second: boolean, count: number][] = [
    [true, true, 794],
    [true, false, 150],
    [false, true, 86],
    [false, false, 570],
  ];
  const side = (which: 0 | 1) =>
    pairs.flatMap((pair) => Array<boolean>(pair[2]).fill(pair[which]));
  const { onlyFirst, onlySecond, p } = testMcNemar(side(0), side(1));
  assertEquals([onlyFirst, onlySecond], [150, 86]);
  // binomtest(86, 236).pvalue
  assertAlmostEquals(p, 3.7159361395713866e-5, 1e-14);
});

Deno.test("testMean() covers the true mean at the nominal rate", () => {
  const stream = openStream(7, "analysis", "coverage");
  // A sum of twelve uniforms is as good as normal here: mean 6, deviation 1.
  const draw = () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += stream.uniform();
    return sum - 6;
  };
  const runs = 10_000;
  let covered = 0;
  let flagged = 0;
  for (let run = 0; run < runs; run++) {
    const { interval, p } = testMean(Array.from({ length: 8 }, draw));
    if (interval![0] <= 0 && 0 <= interval![1]) covered++;
    if (p! < 0.05) flagged++;
  }
  // Four standard errors of a share of .95.
  assertAlmostEquals(covered / runs, 0.95, 4 * Math.sqrt(0.95 * 0.05 / runs));
  // Interval and test are one statement.
  assertEquals(flagged, runs - covered);
});
