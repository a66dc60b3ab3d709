import { UsageError } from "../core/errors.ts";
import { unpackBits } from "../results/bit_string.ts";
import type { Outcome } from "../results/outcome.ts";
import type { TestOutcome } from "../results/result_set_types.ts";
import { scoresOf } from "../results/scores_of.ts";
import { testsOf } from "../results/tests_of.ts";
import type { ResultSet } from "../results/result_set.ts";

/**
 * Requires that the outcomes of a set can be counted and compared: all cells
 * were tested on the same number of images and classes, and have one bit per
 * image and one count per class. The schema of result sets does not check this,
 * and a file that was edited may violate it.
 *
 * @throws {UsageError} Naming the first cell and field that is wrong.
 */
export function requireCounts({ study, cells }: ResultSet): void {
  let first: TestOutcome | undefined;
  for (const cell of cells) {
    if (cell.status !== "finished" || cell.outcome.test === null) continue;
    const { test, epochs } = cell.outcome;
    const reference = first ??= test;
    const fault = testsOf(cell.outcome)
      .map(({ test, path }) => findFault(test, { path, reference }))
      .find((found) => found !== null) ??
      findFaultyEpoch(epochs, test.rows);
    if (fault === null) continue;
    throw new UsageError(
      `Cell ${cell.id} of study "${study.name}" is inconsistent: ${fault}`,
    );
  }
}

function findFaultyEpoch(
  epochs: Outcome["epochs"],
  rows: number,
): string | null {
  const at = epochs.findIndex(({ correct = 0 }) => correct > rows);
  return at < 0
    ? null
    : `outcome.epochs[${at}].correct must be at most ${rows}, got ${
      epochs[at]!.correct
    }`;
}

function findFault(
  test: TestOutcome,
  { path, reference }: { path: string; reference: TestOutcome },
): string | null {
  const { rows, rowsPerClass } = reference;
  if (test.rows !== rows) {
    return `outcome.${path}.rows must be ${rows} as in the other cells, got ${test.rows}`;
  }
  const { attacked } = test;
  if (attacked?.rows !== reference.attacked?.rows) {
    return `outcome.${path}.attacked must be of ${
      describeRows(reference)
    } as in the other cells, got ${describeRows(test)}`;
  }
  const classes = rowsPerClass.length;
  const scores = scoresOf(test);
  const lists = [
    test.rowsPerClass,
    ...(attacked ? [attacked.rowsPerClass] : []),
    ...scores.map(({ score }) => score.correctPerClass),
  ];
  const odd = lists.find(({ length }) => length !== classes);
  if (odd !== undefined) {
    return `there must be counts for ${classes} classes, got ${odd.length}`;
  }
  try {
    for (const { score, images } of scores) {
      unpackBits(score.bits, images.rows);
    }
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function describeRows({ attacked }: TestOutcome): string {
  return attacked === undefined ? "all test images" : `${attacked.rows} images`;
}
