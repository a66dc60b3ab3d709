import { assertEquals } from "@std/assert";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
  SCHEMA_ID,
} from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy } from "../../src/spec/study.ts";
import { checkResultSet } from "../../src/results/check_result_set.ts";
import { finishedCell } from "../results/finished_cell.ts";

/** A sound set of one cell, 7 of 10 images right, with counts of its epochs. */
function setWith(
  counts: (number | undefined)[],
  { evaluateEvery = 2, divergedAtEpoch = null }: {
    evaluateEvery?: number | undefined;
    divergedAtEpoch?: number | null;
  } = {},
): ResultSet {
  const study = parseStudy({
    name: "counted",
    ratios: [0],
    epochs: 5,
    evaluateEvery,
    attacks: [],
  });
  const base = finishedCell(1);
  const { test } = base.outcome;
  const cells = planCells(study, "wasm").map((cell): FinishedCell => ({
    ...base,
    ...cell,
    outcome: {
      ...base.outcome,
      epochs: counts.map((correct) => ({
        loss: 1,
        images: 10,
        steps: 1,
        ...(correct !== undefined && { correct }),
      })),
      divergedAtEpoch,
      test: divergedAtEpoch === null
        ? {
          ...test!,
          clean: {
            ...test!.clean,
            correctPerClass: [1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
          },
        }
        : null,
      train: divergedAtEpoch === null ? base.outcome.train : null,
    },
    timing: {
      ...base.timing,
      // An epoch that diverged took time, too.
      epochs: [...counts, ...(divergedAtEpoch === null ? [] : [undefined])]
        .map(() => base.timing.epochs[0]!),
    },
  }));
  const parts: Parameters<typeof digestResultSet>[0] = {
    schema: SCHEMA_ID,
    study,
    dataset: {
      name: "test",
      trainPerClass: [],
      testPerClass: Array<number>(10).fill(1),
      sha256: "2".repeat(64),
    },
    cells,
  };
  return {
    ...parts,
    digest: digestResultSet(parts),
    provenance: {} as ResultSet["provenance"],
  };
}

/** Faults, without the name of the cell. */
const faultsOf = (set: ResultSet) =>
  checkResultSet(set).faults.map((fault) => fault.replace(/^cell \w+: /, ""));
const none = undefined;

Deno.test("checkResultSet() takes counts that are where they were asked for", () => {
  assertEquals(faultsOf(setWith([none, 3, none, 5, 7])), []);
  assertEquals(
    faultsOf(setWith([none, 3, none], { divergedAtEpoch: 3 })),
    [],
  );
  // The last step diverged, which no loss shows.
  assertEquals(
    faultsOf(setWith([none, 3, none, 5, 7], { divergedAtEpoch: 5 })),
    [],
  );
});

Deno.test("checkResultSet() finds an epoch that diverged but was not to be trained", () => {
  assertEquals(
    faultsOf(setWith([none, 3, none, 5, 7, 7], { divergedAtEpoch: 6 })),
    ["outcome.divergedAtEpoch: expected at most 5, got 6 in the file"],
  );
});

Deno.test("checkResultSet() finds counts that are missing, not asked for, out of range or not the final one", () => {
  for (
    const [counts, fault] of [
      [
        [none, 3, none, none, 7],
        ".3.correct: expected a count, got none in the file",
      ],
      [
        [none, 3, 4, 5, 7],
        ".2.correct: expected none, got a count in the file",
      ],
      [
        [none, 11, none, 5, 7],
        ".1.correct: expected at most 10, got 11 in the file",
      ],
      [[none, 3, none, 5, 6], ".4.correct: expected 7, got 6 in the file"],
    ] as const
  ) {
    assertEquals(faultsOf(setWith([...counts])), [`outcome.epochs${fault}`]);
  }
});

Deno.test("checkResultSet() finds times that are fewer than the epochs, which no digest covers", () => {
  const set = setWith([none, 3, none, 5, 7]);
  (set.cells[0] as FinishedCell).timing.epochs.pop();
  assertEquals(faultsOf(set), [
    "timing.epochs: expected 5, got 4 in the file",
  ]);
});
