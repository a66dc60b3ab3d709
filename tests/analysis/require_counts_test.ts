import { assertThrows } from "@std/assert";
import { requireCounts } from "../../src/analysis/require_counts.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { Outcome } from "../../src/results/outcome.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

type Test = NonNullable<Outcome["test"]>;

/** A real result set, the test of its second cell changed. */
function edited(change: (test: Test) => Partial<Test>): ResultSet {
  const url = pathOfRecorded("quick-1e218e0d.json");
  const set: ResultSet = JSON.parse(Deno.readTextFileSync(url));
  const { outcome } = set.cells[1] as FinishedCell;
  outcome.test = { ...outcome.test!, ...change(outcome.test!) };
  return set;
}

Deno.test("requireCounts() takes a real result set", () => {
  requireCounts(edited(() => ({})));
});

const faults: [name: string, (test: Test) => Partial<Test>, string][] = [
  ["other images", ({ rows }) => ({ rows: rows + 1 }), "test.rows must be"],
  [
    "a bit too few",
    ({ clean }) => ({ clean: { ...clean, bits: clean.bits.slice(1) } }),
    "hexadecimal digits",
  ],
  [
    "a class too few under attack",
    ({ byAttack }) => ({
      byAttack: Object.fromEntries(
        Object.entries(byAttack).map(([name, score]) => [name, {
          ...score,
          correctPerClass: score.correctPerClass.slice(1),
        }]),
      ),
    }),
    "there must be counts for 10 classes, got 9",
  ],
];
for (const [name, change, message] of faults) {
  Deno.test(`requireCounts() refuses a cell with ${name}, by its id`, () => {
    const set = edited(change);
    assertThrows(() => requireCounts(set), UsageError, message);
    assertThrows(() => requireCounts(set), UsageError, set.cells[1]!.id);
  });
}
