import { assert, assertEquals } from "@std/assert";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { compareValues } from "../../src/verify/compare_values.ts";
import { readRecorded } from "../recorded_sets.ts";

const { cells: [recorded] } = await readRecorded("quick") as {
  cells: FinishedCell[];
};

Deno.test("compareValues() lists every value once, all equal for the same cell", () => {
  const values = compareValues(recorded!, recorded!);
  const fields = values.map(({ field }) => field);
  assertEquals(new Set(fields).size, fields.length);
  assert(values.every(({ isEqual }) => isEqual));
  for (
    const field of [
      "outcome.test.clean.correct",
      "outcome.weightsSha256",
      "outcome.epochs.0.loss",
    ]
  ) assert(fields.includes(field), field);
  assert(!fields.some((field) => /timing|config/.test(field)), fields.join());
});

Deno.test("compareValues() names each value that was changed, one bit of a loss as well, and what is absent", () => {
  const changed = structuredClone(recorded!);
  changed.outcome.test!.clean.correct += 1;
  const loss = new Float64Array([changed.outcome.epochs[2]!.loss]);
  new BigUint64Array(loss.buffer)[0]! ^= 1n;
  changed.outcome.epochs[2]!.loss = loss[0]!;
  delete (changed.outcome.epochs[3] as { loss?: number }).loss;
  const found = compareValues(recorded!, changed)
    .filter(({ isEqual }) => !isEqual)
    .map(({ field, expected, got }) => [field, expected, got]);
  const { outcome } = recorded!;
  assertEquals(found.toSorted(), [
    [
      "outcome.epochs.2.loss",
      String(outcome.epochs[2]!.loss),
      String(loss[0]),
    ],
    ["outcome.epochs.3.loss", String(outcome.epochs[3]!.loss), "absent"],
    [
      "outcome.test.clean.correct",
      String(outcome.test!.clean.correct),
      String(outcome.test!.clean.correct + 1),
    ],
  ]);
});
