import { assertEquals, assertMatch } from "@std/assert";
import { compareBenches } from "../../src/compare/compare_benches.ts";
import { compareResultSets } from "../../src/compare/compare_result_sets.ts";
import type { Comparison } from "../../src/compare/comparison.ts";
import { formatCsv } from "../../src/compare/format_csv.ts";
import { formatMarkdown } from "../../src/compare/format_markdown.ts";
import { toGithubBenchmarks } from "../../src/compare/github_benchmark.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { axes } from "../../src/spec/axes.ts";
import { bench, benchFile } from "./_benches.ts";
import { cell, named, resultSet, strictly } from "./_sets.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const path = pathOfRecorded("corrected-adversarial-mini.json");
const set = await readResultSet(path);
// It varies the stand-in, so that a name by policy and ratio alone is not unique.
const comparison = compareResultSets(named(set, set), strictly);

/** First column of each table of a Markdown text, heading and rule apart. */
function firstColumns(markdown: string): string[][] {
  return markdown.split("\n\n").filter((part) => part.startsWith("|")).map(
    (table) =>
      table.trimEnd().split("\n").slice(2).map((line) =>
        line.split("|")[1]!.trim()
      ),
  );
}

/** Requires as many different names as there are cells. */
function requireUnique(names: readonly string[], count: number): void {
  assertEquals(names.length, count);
  assertEquals(new Set(names).size, count);
}

Deno.test("compareResultSets() names each cell of a set with stand-ins once, in JSON", () => {
  const { rows } = JSON.parse(JSON.stringify(comparison)) as Comparison;
  requireUnique(rows.map(({ label }) => label), set.cells.length);
});

Deno.test("formatMarkdown() names each cell of a set with stand-ins once per table", () => {
  const [, times, outcomes] = firstColumns(formatMarkdown(comparison));
  requireUnique(times!, set.cells.length);
  requireUnique(outcomes!, set.cells.length);
});

Deno.test("formatCsv() names each cell of a set with stand-ins once", () => {
  const [, ...lines] = formatCsv(comparison).trimEnd().split("\r\n");
  const names = lines.map((line) => /^(?:"([^"]*)"|([^,]*)),/.exec(line)![1]!);
  requireUnique(names, set.cells.length);
});

Deno.test("toGithubBenchmarks() keeps a time of every cell and file", () => {
  const { times, accuracies } = toGithubBenchmarks(comparison);
  requireUnique(times.map(({ name }) => name), 2 * set.cells.length);
  const evaluations = comparison.rows.flatMap(({ accuracies }) => accuracies);
  requireUnique(accuracies.map(({ name }) => name), 2 * evaluations.length);
});

Deno.test("compareResultSets() says in a label every value in which cells differ but the usual ones", () => {
  for (const { label, config } of comparison.rows) {
    for (const { valueOf, usual, say } of axes) {
      const value = valueOf({ ...config, backend: "wasm" });
      if (value === null || value === usual) continue;
      assertEquals(label.includes(say(value as never)), true, label);
    }
  }
});

Deno.test("compareResultSets() tells cells apart that equal all coordinates", () => {
  // A set that was edited, or joined by hand: other epochs, the same name.
  const odd = resultSet([cell({ times: [9, 8] }), cell({ times: [9, 8, 7] })]);
  const { rows } = compareResultSets(named(odd, odd), strictly);
  requireUnique(rows.map(({ label }) => label), 2);
  for (const { label } of rows) assertMatch(label, / \(config [0-9a-f]{8}\)$/);
});

Deno.test("compareBenches() tells benches apart whose group and name read the same", () => {
  const file = {
    path: "a.json",
    bench: benchFile([
      bench({ group: "a: b", name: "c" }),
      bench({ group: "a", name: "b: c" }),
      bench({ group: null, name: "a: b: c" }),
    ]),
  };
  const benches = compareBenches([file, { ...file, path: "b.json" }], {
    common: false,
  });
  assertEquals(benches.rows.map(({ label }) => label), [
    'a: b: c (["a: b","c"])',
    'a: b: c (["a","b: c"])',
    'a: b: c ([null,"a: b: c"])',
  ]);
  requireUnique(
    toGithubBenchmarks(benches).times.map(({ name }) => name),
    6,
  );
});
