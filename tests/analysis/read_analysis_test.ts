import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { analyse, type Analysis } from "../../src/analysis/analyse.ts";
import { formatAnalysis } from "../../src/analysis/format_analysis.ts";
import { readAnalysis, toAnalysis } from "../../src/analysis/read_analysis.ts";
import { UsageError } from "../../src/core/errors.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const pathOf = (name: string) =>
  fromFileUrl(new URL(`../../${name}`, import.meta.url));

/** What versions 1 and 2 of dupbench's analyse wrote for this result set. */
const first = pathOf("fixtures/analysis-1.json");
const second = pathOf("fixtures/analysis-2.json");
const source = pathOfRecorded("corrected-adversarial-mini.json");

/** Values that an analysis has by rules or tests that are newer than the files. */
const newer = ["crossed", "curvature", "bcaInterval", "holmP", "equivalenceP"];

/** The numbers of an analysis that no rule has changed. */
function lasting(
  { claims: _, schema: __, levels: ___, ...rest }: Analysis,
) {
  const keep = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(keep)
      : typeof value !== "object" || value === null
      ? value
      : Object.fromEntries(
        Object.entries(value).filter(([key]) => !newer.includes(key))
          .map(([key, inner]) => [key, keep(inner)]),
      );
  const { trends, warnings, ...others } = rest;
  return keep({
    ...others,
    warnings: warnings.length,
    // A metric of this version.
    trends: trends.filter(({ metric }) => metric !== "images-to-accuracy"),
    contrasts: rest.contrasts.filter(({ metric }) =>
      metric !== "images-to-accuracy"
    ),
  });
}

for (const [version, path] of [[1, first], [2, second]] as const) {
  Deno.test(`readAnalysis() brings the frozen analysis of version ${version} to the numbers of today, with claims as they were judged`, async () => {
    const migrated = await readAnalysis(path);
    const today = analyse([await readResultSet(source)]);
    assertEquals(lasting(migrated), lasting(today));
    // They did not compare levels, of which today's analysis has some.
    assertEquals(migrated.levels, []);
    assert(today.levels.length > 0);
    const raw = JSON.parse(await Deno.readTextFile(path));
    assertEquals(
      migrated.claims.map(({ rule, verdict, reason, test }) => ({
        rule,
        verdict,
        reason,
        test,
      })),
      raw.claims.map(({ rule, verdict, reason, test }: typeof raw) => ({
        rule,
        verdict,
        reason,
        test,
      })),
    );
    // Every field that this version has, and no other.
    assertEquals(
      migrated.claims.map((claim) => Object.keys(claim).sort()),
      migrated.claims.map(() => Object.keys(today.claims[0]!).sort()),
    );
    // The third claim was about even and uneven copies, and was not adjusted.
    const third = migrated.claims[2]!;
    assertEquals(
      [third.p, third.holmP, third.boundHolmP, third.crossed, third.curvature],
      [third.test!.p, null, null, null, null],
    );
    assertEquals(third.arms.length, 2);
    for (const { crossed } of [...third.controls, ...third.informational]) {
      assertEquals(crossed, null);
    }
    assertEquals(migrated.trends[0]!.curvature, null);
    assertEquals(migrated.contrasts[0]!.crossed, null);
    assertEquals(migrated.contrasts[0]!.bcaInterval?.length, 2);
    assertMatch(formatAnalysis(migrated), /^# Analysis/);
  });
}

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
    crossed: null,
    curvature: null,
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
    schema: "dupbench/analysis/3",
    trends: [{ arm }],
    claims: [{ arms: [arm] }],
  });
  assertEquals(trends as unknown, [{ arm: { ...filled, ...arm } }]);
  assertEquals(claims as unknown, [{ arms: [{ ...filled, ...arm }] }]);
  const few = { ...arm, policy: "concentrated" };
  assertEquals(
    toAnalysis({
      schema: "dupbench/analysis/3",
      trends: [{ arm: few }],
      claims: [],
    }).trends as unknown,
    [{ arm: { ...filled, ...few, multiplicity: 10 } }],
  );
});

Deno.test("toAnalysis() refuses what is no analysis, and unknown versions", () => {
  for (
    const [value, got] of [
      [{ schema: "dupbench/analysis/4" }, '"dupbench/analysis/4"'],
      [{ schema: "dupbench/result-set/1" }, '"dupbench/result-set/1"'],
      [{}, "none"],
      [null, "none"],
    ] as const
  ) {
    const error = assertThrows(() => toAnalysis(value), UsageError);
    assertEquals(
      error.message,
      `"schema" must be "dupbench/analysis/3", got ${got}`,
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
