import {
  assertAlmostEquals,
  assertEquals,
  assertGreaterOrEqual,
} from "@std/assert";
import { estimateRatio as estimate } from "../../src/compare/ratio_estimate.ts";
import { openStream } from "../../src/core/stream.ts";

/** Of one piece of work. */
const estimateRatio = (times: number[], reference: number[]) =>
  estimate([{ times, reference }]);

/** Powers of one base: each ratio of `times(m)` to `reference(m, n)` is another. */
const base = 1.1;
const times = (m: number) => Array.from({ length: m }, (_, i) => base ** i);
const reference = (m: number, n: number) =>
  Array.from({ length: n }, (_, j) => base ** (j * m));

/** From which end, counted from 1, the interval's lower end is taken. */
function lowerRank(m: number, n: number): number {
  const { interval } = estimateRatio(times(m), reference(m, n));
  if (interval === null) return 0;
  // The ratios are base^(i - jm): each power from m(1 - n) to m - 1 once.
  return Math.round(Math.log(interval.low) / Math.log(base)) - m * (1 - n) + 1;
}

Deno.test("estimateRatio() is the interval that Hollander and Wolfe (1973, p. 69) give for membranes", () => {
  // Permeability constants of the human chorioamnion, at term and at 12 to 26
  // weeks; the book's shift is a ratio of exponentials.
  const term = [.80, .83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, .73, 1.46];
  const early = [1.15, .88, .90, .74, 1.21];
  const { ratio, interval } = estimateRatio(
    term.map(Math.exp),
    early.map(Math.exp),
  );
  assertAlmostEquals(Math.log(ratio), .305, 1e-12);
  assertAlmostEquals(Math.log(interval!.low), -.15, 1e-12);
  assertAlmostEquals(Math.log(interval!.high), .76, 1e-12);
});

Deno.test("estimateRatio() takes the ranks of the published table of Mann and Whitney's U, two-sided 5 %", () => {
  const critical = { 4: 0, 5: 2, 6: 5, 7: 8, 8: 13, 9: 17, 10: 23, 20: 127 };
  assertEquals(lowerRank(3, 3), 0, "three against three give no interval");
  for (const [n, u] of Object.entries(critical)) {
    assertEquals(lowerRank(+n, +n), u + 1, n);
  }
  assertEquals([lowerRank(3, 5), lowerRank(5, 8), lowerRank(2, 8)], [1, 7, 1]);
});

Deno.test("estimateRatio() gives the confidence that counting every order of the times gives", () => {
  for (const [m, n] of [[4, 4], [3, 5], [5, 5], [6, 4], [7, 6]] as const) {
    const { interval } = estimateRatio(times(m), reference(m, n));
    // U is below the rank in as many orders at one end as at the other.
    const counts = countOrders(m, n);
    const total = counts.reduce((a, b) => a + b);
    const missed = counts.slice(0, lowerRank(m, n)).reduce((a, b) => a + b);
    assertAlmostEquals(interval!.confidence, 1 - 2 * missed / total, 1e-12);
    assertGreaterOrEqual(interval!.confidence, 0.95);
  }
});

/** Orders of m and n values by U, each of them looked at. */
function countOrders(m: number, n: number): number[] {
  const counts = Array<number>(m * n + 1).fill(0);
  const visit = (ms: number, ns: number, u: number) => {
    if (ms === 0 && ns === 0) counts[u]!++;
    // The next larger value is of the first sample and exceeds n - ns others.
    if (ms > 0) visit(ms - 1, ns, u + n - ns);
    if (ns > 0) visit(ms, ns - 1, u);
  };
  visit(m, n, 0);
  return counts;
}

Deno.test("estimateRatio() of many times is within two ranks of the exact interval", () => {
  // 1008: from the coefficients of the Gaussian binomial, as whole numbers, by
  // a program of its own.
  assertAlmostEquals(lowerRank(52, 50), 1008, 2);
});

Deno.test("estimateRatio() has no interval of thousands of times against too few for one", () => {
  const many = Array.from({ length: 2600 }, (_, i) => 1 + i / 2600);
  assertEquals(estimateRatio(many, [1]).interval, null);
  assertEquals(estimateRatio([1], many).interval, null);
});

Deno.test("estimateRatio() is the median of all ratios, whichever file is the reference", () => {
  const [a, b] = [[10, 20, 40, 90], [10, 11, 13, 17, 23]];
  const [forth, back] = [estimateRatio(b, a), estimateRatio(a, b)];
  // Of the 20 ratios in order, the 10th is 10/20 and the 11th 11/20.
  assertAlmostEquals(forth.ratio, Math.sqrt(10 / 20 * 11 / 20), 1e-12);
  assertAlmostEquals(forth.ratio * back.ratio, 1, 1e-12);
  assertAlmostEquals(forth.interval!.low * back.interval!.high, 1, 1e-12);
});

Deno.test("estimateRatio() and the lower end hardly move when one epoch is disturbed", () => {
  const quiet = [100, 101, 102, 103, 104];
  const disturbed = [100, 101, 102, 103, 1000];
  const { ratio, interval } = estimateRatio(disturbed, quiet);
  assertAlmostEquals(ratio, 1, 0.01);
  assertAlmostEquals(interval!.low, 1, 0.03);
});

Deno.test("estimateRatio() holds the true ratio in 95 % of cases and more", () => {
  const rounds = 2000;
  const ratio = 1.3;
  const { uniform } = openStream(1, "split", "coverage");
  // Times with a long tail, as of a machine that others use, too.
  const draw = (scale: number) =>
    Array.from({ length: 5 }, () => scale * (1 - Math.log(1 - uniform()) / 5));
  let held = 0;
  for (let i = 0; i < rounds; i++) {
    const { low, high } = estimateRatio(draw(ratio), draw(1)).interval!;
    if (low <= ratio && ratio <= high) held++;
  }
  // The exact chance is 1 - 8/252; four standard errors either side.
  const chance = 1 - 8 / 252;
  const error = Math.sqrt(chance * (1 - chance) / rounds);
  assertAlmostEquals(held / rounds, chance, 4 * error);
});

/** Times of pieces of the given sizes, all of whose ratios are different. */
const pieces = (sizes: readonly (readonly [number, number])[]) =>
  sizes.map(([m, n], i) => ({
    // A scale of its own, and a step that sets its ratios apart.
    times: times(m).map((time) => 9 ** (i % 9) * time * base ** (i / 1000)),
    reference: reference(m, n).map((time) => 9 ** (i % 9) * time),
  }));

/** Counts of the orders of several pieces, by the sum of their U. */
function countAll(sizes: readonly (readonly [number, number])[]): bigint[] {
  return sizes.map(([m, n]) => countOrders(m, n).map(BigInt)).reduce((a, b) => {
    const sums = Array<bigint>(a.length + b.length - 1).fill(0n);
    a.forEach((p, u) => b.forEach((q, v) => sums[u + v]! += p * q));
    return sums;
  });
}

Deno.test("estimateRatio() of several pieces of work counts every order within each of them", () => {
  const sizes = [[2, 2], [3, 2], [2, 3]] as const;
  // By hand, from 1 1 2 1 1 and twice 1 1 2 2 2 1 1. Of 600 orders the first
  // three sums have 13, and half of 5 % are 15.
  assertEquals(countAll(sizes).slice(0, 4), [1n, 3n, 9n, 18n]);
  const pairs = pieces(sizes);
  const ratios = sortedRatios(pairs);
  const { ratio, interval } = estimate(pairs);
  assertAlmostEquals(ratio, Math.sqrt(ratios[7]! * ratios[8]!), 1e-12);
  assertEquals([interval!.low, interval!.high], [ratios[2], ratios[13]]);
  assertAlmostEquals(interval!.confidence, 1 - 2 * 13 / 600, 1e-12);
});

const sortedRatios = (pairs: ReturnType<typeof pieces>) =>
  pairs.flatMap(({ times, reference }) =>
    times.flatMap((a) => reference.map((b) => a / b))
  ).sort((a, b) => a - b);

for (const count of [100, 104]) {
  Deno.test(`estimateRatio() of ${count} pieces of 5 against 5 is within two ranks of the count of all orders`, () => {
    const sizes = Array<[number, number]>(count).fill([5, 5]);
    const pairs = pieces(sizes);
    const counts = countAll(sizes);
    const most = counts.reduce((a, b) => a + b) / 40n;
    let [rank, below] = [0, 0n];
    while ((below += counts[rank]!) <= most) rank++;
    const { low } = estimate(pairs).interval!;
    assertAlmostEquals(sortedRatios(pairs).indexOf(low) + 1, rank, 2);
  });
}
