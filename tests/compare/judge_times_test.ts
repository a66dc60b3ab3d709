import {
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { compareBenches } from "../../src/compare/compare_benches.ts";
import { compareResultSets } from "../../src/compare/compare_result_sets.ts";
import type { BenchStats } from "../../src/compare/deno_bench.ts";
import { judgeTimes } from "../../src/compare/judge_times.ts";
import { openStream } from "../../src/core/stream.ts";
import { UsageError } from "../../src/core/errors.ts";
import { bench, benchFile } from "./_benches.ts";
import { cell, named, resultSet, strictly } from "./_sets.ts";

const steady = [99, 100, 101, 102, 103, 104];
const unsteady = [99, 60, 80, 100, 120, 140];

/** Labels of what failed and of what is unclear: seeds, or all together. */
function judge(pairs: [number[], number[]][], failAbove = 1.1) {
  const side = (i: 0 | 1) =>
    resultSet(pairs.map((pair, seed) => cell({ seed, times: pair[i] })));
  const { slower, unclear } = judgeTimes(
    compareResultSets(named(side(0), side(1)), strictly),
    failAbove,
  );
  const names = (judged: { label: string }[]) =>
    judged.map(({ label }) => label.split("seed ").at(-1)!);
  return { slower: names(slower), unclear: names(unclear) };
}

const ALL = "all together";

const times = (factor: number, values: number[]) =>
  values.map((value) => factor * value);

Deno.test("judgeTimes() fails the cell that became slower, among others that became faster", () => {
  assertEquals(
    judge([
      [steady, times(0.5, steady)],
      [steady, times(1.2, steady)],
      [steady, times(0.5, steady)],
    ]),
    { slower: ["1"], unclear: [] },
  );
});

Deno.test("judgeTimes() passes what is slower by less than the limit", () => {
  const none = { slower: [], unclear: [] };
  assertEquals(judge([[steady, times(1.09, steady)]]), none);
  assertEquals(judge([[steady, times(1.2, steady)]], 1.25), none);
});

Deno.test("judgeTimes() does not fail what noise can explain, and says so", () => {
  assertEquals(judge([[unsteady, times(1.3, unsteady)]]), {
    slower: [],
    unclear: ["0", ALL],
  });
  assertEquals(judge([[unsteady, times(3, unsteady)]]).slower, ["0", ALL]);
});

Deno.test("judgeTimes() fails a file if noise hides the change in each cell, but not in all together", () => {
  const cells = Array.from(
    { length: 10 },
    (): [number[], number[]] => [unsteady, times(1.6, unsteady)],
  );
  const { slower, unclear } = judge(cells);
  assertEquals([slower, unclear.length], [[ALL], 10]);
  assertEquals(judge(cells.slice(0, 1)).slower, []);
});

Deno.test("judgeTimes() uses the ratio itself where there are too few epochs for an interval", () => {
  const short = [9, 10, 11];
  assertEquals(judge([[short, times(1.11, short)]]).slower, ["0", ALL]);
  assertEquals(judge([[short, times(1.09, short)]]).slower, []);
});

Deno.test("judgeTimes() fails a bench if average, minimum and p75 are all above the limit", () => {
  const file = (path: string, times: Partial<BenchStats>) => ({
    path,
    bench: benchFile([bench({ max: 100, ...times }), bench({ name: "c" })]),
  });
  const first = file("a", { min: 10, avg: 10, p75: 10 });
  const cases: [Partial<BenchStats>, string[], string[]][] = [
    [{ min: 11.1, avg: 11.1, p75: 11.1 }, ["g: b"], []],
    [{ min: 10.9, avg: 12, p75: 12 }, [], ["g: b"]],
    [{ min: 10.9, avg: 10.9, p75: 90 }, [], []],
  ];
  for (const [stats, slow, doubtful] of cases) {
    const { slower, unclear } = judgeTimes(
      compareBenches([first, file("b", stats)], { common: false }),
      1.1,
    );
    assertEquals(slower.map(({ label }) => label), slow);
    assertEquals(unclear.map(({ label }) => label), doubtful);
  }
});

Deno.test("judgeTimes() refuses a row without a ratio", () => {
  const error = assertThrows(() => judge([[[5], [50]]]), UsageError);
  assertStringIncludes(error.message, "two epochs or more");
});

Deno.test("judgeTimes() fails at most one in forty of ratios equal to the limit, whatever the noise", () => {
  const { uniform } = openStream(1, "split", "gate");
  const draw = (scale: number) =>
    Array.from({ length: 6 }, () => scale * (1 - Math.log(1 - uniform())));
  const rounds = 800;
  const { slower, unclear } = judge(
    Array.from({ length: rounds }, () => [draw(1), draw(1.1)]),
  );
  // Half of what the interval misses, 4/252, and four standard errors.
  const most = 4 / 252 + 4 * Math.sqrt(4 / 252 / rounds);
  assertLess(slower.length / rounds, most);
  assertGreater(unclear.length, rounds / 10, "the noise was large");
});

Deno.test("judgeTimes() finds nine in ten of cells that became slower by half, among noise of a tenth", () => {
  const { uniform } = openStream(2, "split", "gate");
  const draw = (scale: number) =>
    Array.from({ length: 6 }, () => scale * (0.9 + 0.2 * uniform()));
  const rounds = 200;
  const { slower } = judge(
    Array.from({ length: rounds }, () => [draw(1), draw(1.5)]),
  );
  assertGreater(slower.length, 0.9 * rounds);
});

Deno.test("judgeTimes() refuses a limit that is no number above 0, with which everything would pass", () => {
  for (const limit of [NaN, Infinity, 0, -1]) {
    assertThrows(
      () => judge([[steady, times(9, steady)]], limit),
      RangeError,
      `"failAbove" must be a number above 0, got ${limit}`,
    );
  }
});
