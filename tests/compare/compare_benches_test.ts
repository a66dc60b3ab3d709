import {
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { compareBenches } from "../../src/compare/compare_benches.ts";
import { UsageError } from "../../src/core/errors.ts";
import { bench, type BenchEntry, benchFile } from "./_benches.ts";

const compare = (files: BenchEntry[][], common = false) =>
  compareBenches(
    files.map((benches, i) => ({
      path: `${"abc"[i]}.json`,
      bench: benchFile(benches),
    })),
    { common },
  );
const refused = (...args: Parameters<typeof compare>) =>
  assertThrows(() => compare(...args), UsageError).message;

Deno.test("compareBenches() takes the median of the ratios of average, minimum and p75", () => {
  const { rows: [row], files } = compare([
    [bench({ min: 10, avg: 20, p75: 25, max: 90 })],
    [bench({ min: 11, avg: 60, p75: 30, max: 400 })],
  ]);
  assertAlmostEquals(row!.ratios.min, 1.1, 1e-12);
  assertAlmostEquals(row!.ratios.avg, 3, 1e-12);
  assertAlmostEquals(row!.ratios.p75, 1.2, 1e-12);
  assertAlmostEquals(row!.time!.ratio, 1.2, 1e-12);
  assertEquals(row!.time!.interval, null, "Deno keeps no samples");
  assertAlmostEquals(row!.referenceMs!, 20, 1e-12);
  assertAlmostEquals(row!.comparedMs!, 60, 1e-12);
  assertEquals(files[0]!.runtime, "Deno 2.9.6 x86_64-unknown-linux-gnu");
});

Deno.test("compareBenches() matches by group and name, and compares each file with the first", () => {
  const [x, y] = [bench({ name: "x" }), bench({ name: "y" })];
  const { rows, overall } = compare([[x, y], [y, x], [x, y]]);
  assertEquals(rows.map(({ file, name }) => file + name), [
    "bx",
    "by",
    "cx",
    "cy",
  ]);
  const time = { ratio: 1, interval: null };
  assertEquals(overall, [{ file: "b", time }, { file: "c", time }]);
});

Deno.test("compareBenches() takes all benches together by their geometric mean", () => {
  const names = ["x", "y"];
  const file = (...factors: number[]) =>
    factors.map((f, i) =>
      bench({ name: names[i]!, min: f, avg: f, p75: f, max: f })
    );
  const { overall } = compare([file(1, 1), file(2, 8)]);
  assertAlmostEquals(overall[0]!.time!.ratio, 4, 1e-12);
});

Deno.test("compareBenches() refuses different benches, other groups included", () => {
  const [x, y] = [bench({ name: "x" }), bench({ name: "y" })];
  assertStringIncludes(refused([[x], [y]]), "different work");
  assertStringIncludes(
    refused([[bench({ group: "128 images" })], [
      bench({ group: "64 images" }),
    ]]),
    "128 images",
  );
  assertStringIncludes(refused([[x, y], [x]]), '"g: y"');
  assertStringIncludes(refused([[x], [x, y]]), '"g: y"');
  assertStringIncludes(refused([[x], [y]], true), "different work");
});

Deno.test("compareBenches() with common compares the rest and says what is left out", () => {
  const [x, y] = [bench({ name: "x" }), bench({ name: "y" })];
  const { rows, leftOut } = compare([[x, y], [x]], true);
  assertEquals(rows.map(({ label }) => label), ["g: x"]);
  assertEquals(leftOut, [{ file: "b", label: "g: y", reason: "it is absent" }]);
});

Deno.test("compareBenches() refuses a bench that failed and one that is there twice", () => {
  const failed: BenchEntry = {
    group: "g",
    name: "x",
    results: [{ failed: { message: "no adapter\nat line 1" } }],
  };
  const x = bench({ name: "x" });
  const message = refused([[x], [failed]]);
  assertStringIncludes(message, "failed: no adapter");
  assertEquals(message.includes("\n"), false);
  assertStringIncludes(refused([[x, x], [x]]), "twice");
});
