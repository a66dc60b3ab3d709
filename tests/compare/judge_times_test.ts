import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { compareBenches } from "../../src/compare/compare_benches.ts";
import { compareResultSets } from "../../src/compare/compare_result_sets.ts";
import { judgeTimes } from "../../src/compare/judge_times.ts";
import { openStream } from "../../src/core/stream.ts";
import { UsageError } from "../../src/core/errors.ts";
import { bench, benchFile } from "./_benches.ts";
import { cell, named, resultSet, strictly } from "./_sets.ts";

const steady = [99, 100, 101, 102, 103, 104];
const unsteady = [99, 60, 80, 100, 120, 140];

/** Seeds of the cells that failed and of those left unclear. */
function judge(pairs: [number[], number[]][], failAbove = 1.1) {
  const side = (i: 0 | 1) =>
    resultSet(pairs.map((pair, seed) => cell({ seed, times: pair[i] })));
  const { slower, unclear } = judgeTimes(
    compareResultSets(named(side(0), side(1)), strictly),
    failAbove,
  );
  const seeds = (rows: { label: string }[]) =>
    rows.map(({ label }) => Number(label.split("seed ")[1]));
  return { slower: seeds(slower), unclear: seeds(unclear) };
}

const times = (factor: number, values: number[]) =>
  values.map((value) => factor * value);

Deno.test("judgeTimes() fails the cell that became slow, among others that became fast", () => {
  assertEquals(
    judge([
      [steady, times(0.5, steady)],
      [steady, times(1.2, steady)],
      [steady, times(0.5, steady)],
    ]),
    { slower: [1], unclear: [] },
  );
});

Deno.test("judgeTimes() passes what is slower, but not by more than the limit", () => {
  assertEquals(judge([[steady, times(1.09, steady)]]), {
    slower: [],
    unclear: [],
  });
  assertEquals(judge([[steady, times(1.2, steady)]], 1.25).slower, []);
});

Deno.test("judgeTimes() does not fail what noise can explain, and says so", () => {
  assertEquals(judge([[unsteady, times(1.15, unsteady)]]), {
    slower: [],
    unclear: [0],
  });
  assertEquals(judge([[unsteady, times(3, unsteady)]]).slower, [0]);
});

Deno.test("judgeTimes() goes by the ratio alone where there is no interval", () => {
  const short = [9, 10, 11];
  assertEquals(judge([[short, times(1.11, short)]]).slower, [0]);
  const file = (factor: number) => ({
    path: `${factor}.json`,
    bench: benchFile([
      bench({ avg: 10 * factor, min: 9 * factor, p75: 11 * factor, max: 100 }),
    ]),
  });
  for (const [factor, failed] of [[1.11, 1], [1.09, 0]] as const) {
    const { slower } = judgeTimes(
      compareBenches([file(1), file(factor)], { common: false }),
      1.1,
    );
    assertEquals(slower.length, failed);
  }
});

Deno.test("judgeTimes() refuses to pass what has no ratio", () => {
  const error = assertThrows(() => judge([[[5], [50]]]), UsageError);
  assertStringIncludes(error.message, "two epochs or more");
});

Deno.test("judgeTimes() fails fewer than one in forty of equally fast, very unsteady runs", () => {
  const { uniform } = openStream(1, "split", "gate");
  const draw = () =>
    Array.from({ length: 6 }, () => 100 * (1 - Math.log(1 - uniform())));
  const rounds = 800;
  const { slower, unclear } = judge(
    Array.from({ length: rounds }, () => [draw(), draw()]),
  );
  // Half of what the interval misses, 4/252, and four standard errors.
  const most = 4 / 252 + 4 * Math.sqrt(4 / 252 / rounds);
  assertEquals(slower.length / rounds < most, true, `${slower.length}`);
  assertEquals(unclear.length > rounds / 10, true, "the noise was large");
});

Deno.test("judgeTimes() finds nine in ten of cells that became slower by half, among noise of a tenth", () => {
  const { uniform } = openStream(2, "split", "gate");
  const draw = (scale: number) =>
    Array.from({ length: 6 }, () => scale * (0.85 + 0.3 * uniform()));
  const rounds = 200;
  const { slower } = judge(
    Array.from({ length: rounds }, () => [draw(1), draw(1.5)]),
  );
  assertEquals(slower.length > 0.9 * rounds, true, `${slower.length}`);
});
