import { assert, assertThrows } from "@std/assert";
import { UsageError } from "../../src/core/errors.ts";
import { requireReadable } from "../../src/core/read_json.ts";
import { formatResultSet } from "../../src/results/format_result_set.ts";
import {
  largestCell,
  requireStorable,
} from "../../src/results/require_storable.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { readRecorded } from "../recorded_sets.ts";

const sizeOf = (value: unknown) => requireReadable(JSON.stringify(value));

Deno.test("largestCell() is at least as large as every recorded cell that it stands for, and at most a quarter larger", async () => {
  for (
    const name of [
      "quick",
      "protocol-adversarial",
      "protocol-conflict",
      "protocol-dedup",
      "protocol-sizes",
      "published-standard-6dbb1440",
      "corrected-adversarial-mini",
      "sweep-37c81226",
    ]
  ) {
    const { cells, dataset } = await readRecorded(name);
    for (const cell of cells) {
      if (cell.status === "failed" || cell.outcome.test === null) continue;
      const found = sizeOf(cell);
      const largest = sizeOf(largestCell(cell.config, dataset));
      for (const field of ["bytes", "values", "containers"] as const) {
        const ratio = largest[field] / found[field];
        const what = `${name}, cell ${cell.id}: ${field} ${ratio}`;
        assert(ratio >= 1 && ratio <= 1.25, what);
      }
    }
  }
});

Deno.test("requireStorable() refuses a study whose result set could not be read again, and no other", async () => {
  const { cells: [cell], dataset } = await readRecorded("protocol-adversarial");
  const { config } = cell!;
  // Of about 13 kB each; 268 MB are read.
  requireStorable(Array(17_000).fill(config), dataset);
  assertThrows(
    () => requireStorable(Array(24_000).fill(config), dataset),
    UsageError,
    "The result set would have 24,000 cells and be up to 1.3 times as large as what can be read again: divide the study into several",
  );
  // Mostly lists and objects, two an epoch: 4 million are read.
  requireStorable(Array(1500).fill({ ...config, epochs: 900 }), dataset);
  assertThrows(
    () =>
      requireStorable(Array(1500).fill({ ...config, epochs: 2000 }), dataset),
    UsageError,
    "1,500 cells and be up to ",
  );
  assertThrows(
    () => requireStorable([{ ...config, epochs: 100_001 }], dataset),
    UsageError,
    '"epochs" must be less than 100001: the record of a cell would be too large to be read again (it has more than 100,000 entries in one list or object)',
  );
});

Deno.test("formatResultSet() refuses a set that could not be read again", async () => {
  const set = await readRecorded("quick");
  const cell = set.cells[0] as FinishedCell;
  const epochs = Array(100_001).fill(cell.outcome.epochs[0]);
  assertThrows(
    () =>
      formatResultSet({
        ...set,
        cells: [{ ...cell, outcome: { ...cell.outcome, epochs } }],
      }),
    UsageError,
    "The result set would have 1 cell and be too large to be read again (it has more than 100,000 entries in one list or object): divide the study",
  );
});
