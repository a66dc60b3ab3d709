import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { compareBenches } from "../../src/compare/compare_benches.ts";
import { compareResultSets } from "../../src/compare/compare_result_sets.ts";
import type { Comparison } from "../../src/compare/comparison.ts";
import { formatCsv } from "../../src/compare/format_csv.ts";
import { formatMarkdown } from "../../src/compare/format_markdown.ts";
import { toGithubBenchmarks } from "../../src/compare/github_benchmark.ts";
import { judgeTimes } from "../../src/compare/judge_times.ts";
import { bench, benchFile } from "./_benches.ts";
import { cell, diverge, named, resultSet, strictly } from "./_sets.ts";

const times = [50, 10, 12, 14, 16, 18];
const diverged = diverge(cell({ times, seed: 2 }), 5);
const sets = compareResultSets(
  named(
    resultSet([cell({ times }), diverged]),
    ...[2, 3].map((factor) =>
      resultSet([
        cell({ times: times.map((ms) => factor * ms), clean: "1111111100" }),
        diverged,
      ])
    ),
  ),
  strictly,
);
const awkward = ['a,"b"', "a|b", "two\nlines", "é"];
const benches = compareBenches(
  ["a", "b"].map((name) => ({
    path: `${name}.json`,
    bench: benchFile(awkward.map((name) => bench({ name, group: null }))),
  })),
  { common: false },
);
const both: Comparison[] = [sets, benches];

/** Reads CSV by the grammar of RFC 4180, section 2. */
function parseCsv(text: string): Record<string, string>[] {
  const lines: string[][] = [];
  let line: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let end = 0;
  for (const [all, quoted, plain, next] of text.matchAll(field)) {
    line.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (next === "\r\n") lines.push(line), line = [];
    end += all.length;
  }
  assertEquals(end, text.length, "all of the text is CSV");
  const [headings, ...rows] = lines;
  return rows.map((row) => {
    assertEquals(row.length, headings!.length);
    return Object.fromEntries(row.map((value, i) => [headings![i]!, value]));
  });
}

Deno.test("formatCsv() gives each row one line, with all digits of its numbers", () => {
  const rows = parseCsv(formatCsv(sets));
  assertEquals(rows.length, sets.rows.length);
  sets.rows.forEach((row, i) => {
    const line = rows[i]!;
    assertEquals(line["compared"], row.file);
    assertEquals(line["work"], row.label);
    assertEquals(Number(line["ratio"]), row.time!.ratio);
    assertEquals(Number(line["low"]), row.time!.interval!.low);
    assertEquals(Number(line["high"]), row.time!.interval!.high);
    assertEquals(line["outcome"], row.outcome.verdict);
    assertEquals(
      line["clean difference"],
      String(row.accuracies[0]?.difference ?? ""),
    );
  });
});

Deno.test("formatCsv() quotes commas, quotation marks and line ends", () => {
  const rows = parseCsv(formatCsv(benches));
  assertEquals(rows.map(({ work }) => work), awkward);
  assertEquals(rows.map(({ avgRatio }) => avgRatio), ["1", "1", "1", "1"]);
});

Deno.test("formatMarkdown() draws tables whose lines have equally many columns and one width", () => {
  for (const comparison of both) {
    const tables = formatMarkdown(comparison).split("\n\n").filter((part) =>
      part.startsWith("|")
    );
    assertEquals(tables.length, comparison.kind === "result sets" ? 3 : 2);
    for (const table of tables) {
      const lines = table.trimEnd().split("\n");
      assertEquals(new Set(lines.map((line) => line.length)).size, 1);
      assertEquals(
        new Set(lines.map((line) => line.split("|").length)).size,
        1,
      );
      assertMatch(lines[1]!, /^\|( -+:? \|)+$/);
    }
    const rows = tables[1]!.trimEnd().split("\n").length - 2;
    assertEquals(rows, comparison.rows.length);
  }
});

Deno.test("formatMarkdown() shows ratio, interval, outcome and accuracies of a cell", () => {
  const text = formatMarkdown(sets);
  // Twice as slow; the interval's ends are 24/18 and 36/12.
  assertMatch(
    text,
    /\| +14\.0 \| +28\.0 \| +2\.00 \| +1\.33 to 3\.00 \| +2\.00 \|/,
  );
  assertMatch(text, /different \| +0 \| +0\.900 \| +\+0\.100 \(\+1 -0\)/);
  assertStringIncludes(
    text,
    "outcomes: 1 bit-equal, 0 within-tolerance, 1 different",
  );
});

Deno.test("formatMarkdown() says that a run diverged only where it did", () => {
  // Of the best epochs, which may be others, and whose weights are not compared.
  const withBest = (seed: number, epoch: number) => {
    const { outcome, ...rest } = cell({ seed, times });
    const best = {
      epoch,
      test: outcome.test!,
      weightsSha256: outcome.weightsSha256,
    };
    return { ...rest, outcome: { ...outcome, best } };
  };
  const comparison = compareResultSets(
    named(
      resultSet([withBest(1, 2), withBest(3, 2), diverged]),
      resultSet([withBest(1, 2), withBest(3, 4), diverged]),
    ),
    strictly,
  );
  const last = formatMarkdown(comparison).split("\n")
    .filter((line) => /^\|.*(bit-equal|tolerance|different) \|/.test(line))
    .map((line) => line.split("|").at(-2)!.trim());
  assertEquals(last, ["+0.000 (+0 -0)", "-", "diverged"]);
});

Deno.test("formatMarkdown() says what the gate found", () => {
  const verdict = (limit: number) =>
    formatMarkdown(sets, judgeTimes(sets, limit));
  assertMatch(
    verdict(1.1),
    /Failed: .* above 1\.1:[^]*, b: 2\.00 \(1\.33 to 3\.00\)\n- .*, c: 3\.00/,
  );
  assertStringIncludes(verdict(3.5), "Passed");
});

Deno.test("formatMarkdown() tells what a number is judged by from the number", () => {
  const steady = (ms: number) => [100, ms, ms, ms, ms, ms];
  const images = (wrong: number) => ({
    clean: "1".repeat(10_000 - wrong) + "0".repeat(wrong),
  });
  const compare = (
    [ms, wrong, loss]: readonly [ms: number, wrong: number, loss: number],
  ) => {
    const found = compareResultSets(
      named(
        resultSet([cell({ times: steady(10), ...images(0) })]),
        resultSet([
          cell({
            times: steady(ms),
            losses: Array(6).fill(2 + loss),
            ...images(wrong),
          }),
        ]),
      ),
      strictly,
    );
    return formatMarkdown(found, judgeTimes(found, 1.1));
  };
  const outcome = (text: string) =>
    text.split("\n").filter((line) =>
      /^\|.*(bit-equal|tolerance|different) \|/.test(line)
    ).at(-1)!.split("|").slice(2, 5).map((part) => part.trim());

  assertMatch(compare([11.04, 0, 0]), /1, b: 1\.104 \(1\.104 to 1\.104\)\n/);
  assertMatch(compare([22, 0, 0]), /1, b: 2\.20 \(2\.20 to 2\.20\)\n/);
  assertEquals(outcome(compare([10, 1, 0])), [
    "within-tolerance",
    "0",
    "0.9999",
  ]);
  assertEquals(outcome(compare([10, 100, 0])), [
    "within-tolerance",
    "0",
    "0.990",
  ]);
  assertEquals(outcome(compare([10, 101, 0])), ["different", "0", "0.9899"]);
  assertEquals(outcome(compare([10, 0, 0.002045])), [
    "different",
    "1.02e-3",
    "1.000",
  ]);
});

Deno.test("formatMarkdown() escapes the name of a file wherever it stands", () => {
  const name = "x*y*<i>[c](d)`e";
  const text = formatMarkdown({
    ...sets,
    files: sets.files.map((file, i) =>
      i === 0 ? { ...file, file: name } : file
    ),
  });
  const escaped = "x\\*y\\*\\<i\\>\\[c\\](d)\\`e";
  // The title, the table of files, and once for each other file.
  assertEquals(text.split(escaped).length - 1, 2 + sets.overall.length);
  assertEquals(text.includes("x*y"), false);
});

Deno.test("toGithubBenchmarks() lists each time and accuracy of each file once, in the form of the action", () => {
  for (const comparison of both) {
    const { times, accuracies } = toGithubBenchmarks(comparison);
    for (const list of [times, accuracies]) {
      assertEquals(new Set(list.map(({ name }) => name)).size, list.length);
      for (const { name, unit, value, ...rest } of list) {
        assert(name !== "" && unit !== "" && Number.isFinite(value));
        for (const [key, text] of Object.entries(rest)) {
          assert(["range", "extra"].includes(key) && typeof text === "string");
        }
      }
    }
  }
  const { times, accuracies } = toGithubBenchmarks(sets);
  const value = (list: typeof times, file: string) =>
    list.filter(({ name }) => name.endsWith(`[${file}]`)).map(({ value }) =>
      value
    );
  assertEquals(value(times, "a"), [14, 14]);
  assertEquals(value(times, "c"), [42, 14]);
  assertEquals(value(accuracies, "a"), [0.7]);
  assertEquals(value(accuracies, "c"), [0.8]);
  assertEquals(toGithubBenchmarks(benches).accuracies, []);
  assertEquals(toGithubBenchmarks(benches).times.length, 2 * awkward.length);
});
