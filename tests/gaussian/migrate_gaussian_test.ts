import { assertEquals } from "@std/assert";
import {
  isGaussianFile,
  migrateGaussian,
} from "../../src/gaussian/migrate_gaussian.ts";

const trend = {
  policy: "biased",
  standIn: "copies",
  on: "heldOut",
  of: "both",
  copies: [0, 4],
  signFlip: 0.5,
};

Deno.test("migrateGaussian() renames the fields of version 1 and keeps study, runs and digest", () => {
  const kept = { study: { name: "gaussian" }, runs: [1], digest: "00" };
  assertEquals(
    migrateGaussian({
      schema: "dupbench/gaussian/1",
      ...kept,
      summary: {
        margin: 1,
        verdicts: [{ statement: "mine", equivalence: 1, beyondFresh: {} }],
        trends: [trend],
      },
    }),
    {
      schema: "dupbench/gaussian/2",
      ...kept,
      summary: {
        margin: 1,
        verdicts: [{
          statement: "mine",
          equivalenceP: 1,
          copiesMinusFresh: {},
        }],
        trends: [{
          policy: "biased",
          standIn: "copies",
          sample: "heldOut",
          classes: "both",
          added: [0, 4],
          signFlipP: 0.5,
        }],
      },
    },
  );
});

Deno.test("migrateGaussian() leaves every other value as it is", () => {
  for (
    const value of [
      null,
      1,
      "dupbench/gaussian/1",
      [],
      { schema: 1 },
      { schema: "dupbench/gaussian/2", summary: { trends: [trend] } },
      { schema: "dupbench/gaussian/3", summary: { trends: [trend] } },
      { schema: "dupbench/result-set/1" },
    ]
  ) {
    assertEquals(migrateGaussian(value), value);
  }
  // Broken files of version 1 are for the schema to refuse.
  for (const summary of [1, null, {}, { trends: 1 }, { trends: [1, null] }]) {
    migrateGaussian({ schema: "dupbench/gaussian/1", summary });
  }
});

Deno.test("isGaussianFile() knows files of every version by their schema", () => {
  const isKnown = (schema: unknown) => isGaussianFile({ schema });
  assertEquals(
    ["dupbench/gaussian/1", "dupbench/gaussian/7", "dupbench/analysis/2", 1]
      .map(isKnown),
    [true, true, false, false],
  );
});
