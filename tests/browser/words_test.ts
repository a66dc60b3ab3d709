import { assertEquals } from "@std/assert";
import { groupOf, nameEpoch } from "../../src/browser/client/words.ts";
import { compareValues } from "../../src/verify/compare_values.ts";
import { cellOf, edited } from "../verify/_frozen.ts";

Deno.test("nameEpoch() counts the epochs that are to be trained, also of a run that diverged in an earlier one", () => {
  const cell = cellOf(edited());
  assertEquals(cell.config.epochs, 2);
  cell.outcome.epochs.length = 0;
  cell.outcome.divergedAtEpoch = 0;
  assertEquals(nameEpoch(0, cell), "Epoch 1 of 2");
});

Deno.test("groupOf() names a group of its own for images that are counted separately and for the best epoch", () => {
  const cell = cellOf(edited());
  const { test, weightsSha256 } = cell.outcome;
  cell.outcome.leaked = { rows: 3, correct: 2 };
  cell.outcome.best = { epoch: 1, test: test!, weightsSha256 };
  const groups = new Map(
    compareValues(cell, cell).map(({ field }) => [field, groupOf(field)]),
  );
  assertEquals(
    [
      "outcome.leaked.correct",
      "outcome.best.epoch",
      "outcome.best.test.clean.correct",
      "outcome.divergedAtEpoch",
    ].map((field) => groups.get(field)),
    [
      "Test images with a duplicate, which are counted separately",
      "Best epoch on images held out",
      "Test images without attack, best weights",
      "Divergence and flags",
    ],
  );
});
