import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { formatComparison } from "../../src/compare/format_comparison.ts";
import { compareBenches } from "../../src/compare/compare_benches.ts";
import { compareResultSets } from "../../src/compare/compare_result_sets.ts";
import {
  readComparison,
  toComparison,
} from "../../src/compare/read_comparison.ts";
import { UsageError } from "../../src/core/errors.ts";
import { parseJson } from "../../src/core/read_json.ts";
import { bench, benchFile } from "./_benches.ts";
import { cell, named, resultSet, strictly } from "./_sets.ts";

const set = resultSet([cell({ times: [9, 8, 7], fgsm: "1100000000" })]);
const comparison = compareResultSets(named(set, set), strictly);

/** As version 1 wrote it: its accuracies had `on`, first of their fields. */
const first = {
  ...comparison,
  schema: "dupbench/comparison/1",
  rows: comparison.rows.map((row) => ({
    ...row,
    accuracies: [
      {
        on: "clean",
        rows: 10,
        reference: 7,
        compared: 7,
        difference: 0,
        gained: 0,
        lost: 0,
      },
      {
        on: "fgsm",
        rows: 10,
        reference: 2,
        compared: 2,
        difference: 0,
        gained: 0,
        lost: 0,
      },
    ],
  })),
};

Deno.test("toComparison() brings version 1 to the current form, and leaves that as it is", () => {
  assertEquals(toComparison(first), comparison);
  assertEquals(toComparison(comparison), comparison);
});

Deno.test("toComparison() takes a comparison of benches, which have no accuracies", () => {
  const file = { path: "a.json", bench: benchFile([bench()]) };
  const benches = compareBenches([file, file], { common: false });
  const old = { ...benches, schema: "dupbench/comparison/1" };
  assertEquals(toComparison(old), benches);
});

Deno.test("toComparison() refuses what is no comparison, and unknown versions", () => {
  for (const value of [null, {}, { schema: "dupbench/comparison/3" }]) {
    assertThrows(
      () => toComparison(value),
      UsageError,
      '"schema" must be "dupbench/comparison/2", got ',
    );
  }
});

Deno.test("formatComparison() writes as many rows as are read, and refuses more", () => {
  const file = { path: "a.json", bench: benchFile([bench()]) };
  const benches = compareBenches([file, file], { common: false });
  const longer = (count: number) => ({
    ...benches,
    rows: Array(count).fill({ file: "b" }),
  });
  for (const most of [1, 5001, 100_000]) {
    const { judgement, ...read } = parseJson(
      formatComparison(longer(most)),
    ) as Record<string, unknown>;
    assertEquals(judgement, null);
    assertEquals(toComparison(read).rows.length, most);
  }
  assertThrows(
    () => formatComparison(longer(100_001)),
    UsageError,
    "The comparison has 100,001 rows, and its file could not be read again (it has more than 100,000 entries in one list or object): compare fewer files at a time",
  );
});

Deno.test("readComparison() reads a file, and names one that it cannot read", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, JSON.stringify(first));
    assertEquals(await readComparison(path), comparison);
    await Deno.writeTextFile(path, "{");
    await assertRejects(
      () => readComparison(path),
      UsageError,
      `Cannot read comparison "${path}": `,
    );
  } finally {
    await Deno.remove(path);
  }
});
