import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { analyse, type Analysis } from "../../src/analysis/analyse.ts";
import { readAnalysis, toAnalysis } from "../../src/analysis/read_analysis.ts";
import { UsageError } from "../../src/core/errors.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { fromFileUrl } from "../sweep/paths.ts";

const pathOf = (name: string) =>
  fromFileUrl(new URL(`../../${name}`, import.meta.url));

/** What version 1 of dupbench's analyse wrote for this result set. */
const frozen = pathOf("fixtures/analysis-1.json");
const source = pathOf("results/corrected-adversarial-mini.json");

/** Without the sentences, which stay as they were written. */
function withoutSentences({ claims, warnings, ...rest }: Analysis) {
  return {
    ...rest,
    warnings: warnings.length,
    claims: claims.map((
      { statement: _, rule: __, reason: ___, informational, ...claim },
    ) => ({
      ...claim,
      informational: informational.map(({ label: _, ...trend }) => trend),
    })),
  };
}

Deno.test("readAnalysis() brings the frozen analysis of version 1 to what analyse() says today, every number the same", async () => {
  const migrated = await readAnalysis(frozen);
  const today = analyse([await readResultSet(source)]);
  assertEquals(withoutSentences(migrated), withoutSentences(today));
  const first = JSON.parse(await Deno.readTextFile(frozen));
  assertEquals(
    migrated.claims.map(({ rule }) => rule),
    first.claims.map(({ rule }: { rule: string }) => rule),
  );
});

Deno.test("toAnalysis() takes the stand-in near copies apart into two coordinates", () => {
  const arm = { policy: "uniform", standIn: "near copies" };
  const { trends } = toAnalysis({
    claims: [],
    trends: [{ arm, equivalence: 0.5 }],
    published: { rows: [] },
    reach: [],
    doubts: [],
  });
  assertEquals(trends as unknown, [{
    arm: {
      policy: "uniform",
      standIn: "copies",
      copies: "near",
      // Of axes that version 1 did not have.
      conflict: 0,
      dedup: "none",
      drawTrain: "all",
      multiplicity: null,
      width: 1,
    },
    equivalenceP: 0.5,
  }]);
});

Deno.test("toAnalysis() returns an analysis of this version as it is", async () => {
  const today = JSON.parse(
    JSON.stringify(analyse([await readResultSet(source)])),
  );
  assertEquals(toAnalysis(today), today);
});

Deno.test("toAnalysis() fills in coordinates that a file of this version is too old for", () => {
  const arm = { model: "published-standard", policy: "uniform" };
  const filled = {
    conflict: 0,
    copies: "exact",
    dedup: "none",
    drawTrain: "all",
    multiplicity: null,
    standIn: "copies",
    width: 1,
  };
  const { trends, claims } = toAnalysis({
    schema: "dupbench/analysis/2",
    trends: [{ arm }],
    claims: [{ arms: [arm] }],
  });
  assertEquals(trends as unknown, [{ arm: { ...filled, ...arm } }]);
  assertEquals(claims as unknown, [{ arms: [{ ...filled, ...arm }] }]);
  const few = { ...arm, policy: "concentrated" };
  assertEquals(
    toAnalysis({
      schema: "dupbench/analysis/2",
      trends: [{ arm: few }],
      claims: [],
    }).trends as unknown,
    [{ arm: { ...filled, ...few, multiplicity: 10 } }],
  );
});

Deno.test("toAnalysis() refuses what is no analysis, and unknown versions", () => {
  for (
    const [value, got] of [
      [{ schema: "dupbench/analysis/3" }, '"dupbench/analysis/3"'],
      [{ schema: "dupbench/result-set/1" }, '"dupbench/result-set/1"'],
      [{}, "none"],
      [null, "none"],
    ] as const
  ) {
    const error = assertThrows(() => toAnalysis(value), UsageError);
    assertEquals(
      error.message,
      `"schema" must be "dupbench/analysis/2", got ${got}`,
    );
  }
});

Deno.test("readAnalysis() names the file that it cannot read", async () => {
  await assertRejects(
    () => readAnalysis("none.json"),
    UsageError,
    'Cannot read analysis "none.json": ',
  );
});
