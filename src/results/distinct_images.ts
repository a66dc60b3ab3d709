import { attackedImagesOf } from "./attacked_images.ts";
import { packBits, unpackBits } from "./bit_string.ts";
import list from "./cifar10_near_duplicates.json" with { type: "json" };
import type { FinishedCell } from "./result_set.ts";
import type { TestOutcome } from "./result_set_types.ts";

/** Classes of CIFAR-10, which take turns in the order of its test images. */
const CLASSES = 10;

/**
 * A cell on CIFAR-10 as if it had been tested on distinct images only: those test
 * images that have no near-duplicate among the 50,000 training images of CIFAR-10
 * (as in Barz and Denzler 2020, arXiv:1902.00423), by the list that `deno task
 * near-duplicates` made. They do not depend on the training images of the cell,
 * so that cells can be compared.
 *
 * @returns The cell, with every test of its outcome counting these images only,
 * in their order; `null` where it was not tested, is on another data set, or its
 * counts by class are not those of CIFAR-10's test images, as files in `dataDir`
 * may hold others.
 */
export function onDistinctImages(cell: FinishedCell): FinishedCell | null {
  const { test, averaged, best } = cell.outcome;
  const { name, leaks } = cell.config.dataset;
  // Those that are counted apart are not known by their rows.
  if (test === null || name !== "cifar10" || leaks === "apart") return null;
  const known = views.get(cell);
  if (known !== undefined) return known;
  const view = fits(test)
    ? {
      ...cell,
      outcome: {
        ...cell.outcome,
        test: select(test),
        ...(averaged && {
          averaged: { ...averaged, test: select(averaged.test) },
        }),
        ...(best && { best: { ...best, test: select(best.test) } }),
      },
    }
    : null;
  views.set(cell, view);
  return view;
}

/** What was made of a cell before: an analysis asks for each many times. */
const views = new WeakMap<FinishedCell, FinishedCell | null>();

/** A class-balanced subset of the test images, in ascending order. */
interface TestImages {
  readonly labels: readonly number[];
  readonly isDistinct: readonly boolean[];
}

const subsets = new Map<number, TestImages>();
const repeated = new Set(list.pairs.map(([test]) => test));

function testImages(count: number): TestImages {
  const known = subsets.get(count);
  if (known !== undefined) return known;
  const chosen = list.testOrder.slice(0, count).map((row, place) => ({
    row,
    label: place % CLASSES,
  })).sort((a, b) => a.row - b.row);
  const images = {
    labels: chosen.map(({ label }) => label),
    isDistinct: chosen.map(({ row }) => !repeated.has(row)),
  };
  subsets.set(count, images);
  return images;
}

/**
 * Whether the counts by class are those of CIFAR-10's test images: of all that
 * are counted, and of those under attack, which are chosen in the same order.
 */
function fits(test: TestOutcome): boolean {
  const { worstCase } = test;
  const attacked = test.attacked && worstCase;
  return fitsImages(test.clean, test) &&
    (!attacked || fitsImages(attacked, attackedImagesOf(test)));
}

function fitsImages(
  { bits, correctPerClass }: TestOutcome["clean"],
  { rows, rowsPerClass }: Pick<TestOutcome, "rows" | "rowsPerClass">,
): boolean {
  const { labels } = testImages(rows);
  if (labels.length !== rows || rowsPerClass.length !== CLASSES) return false;
  const counts = countByClass(labels.map(() => true), labels);
  const correct = countByClass(unpackBits(bits, rows), labels);
  return counts.every((count, c) =>
    count === rowsPerClass[c] && correct[c] === correctPerClass[c]
  );
}

function select(test: TestOutcome): TestOutcome {
  const { clean, flipped, attacked, byAttack, worstCase } = test;
  const all = selectionOf(test.rows);
  const shown = selectionOf(attackedImagesOf(test).rows);
  return {
    ...all.images,
    clean: all.score(clean),
    ...(flipped && { flipped: all.score(flipped) }),
    ...(attacked && { attacked: shown.images }),
    byAttack: Object.fromEntries(
      Object.entries(byAttack).map(([name, of]) => [name, shown.score(of)]),
    ),
    ...(worstCase && { worstCase: shown.score(worstCase) }),
  };
}

/** The distinct ones of so many test images, and what makes scores count them. */
function selectionOf(rows: number) {
  const { labels, isDistinct } = testImages(rows);
  const kept = <Value>(values: readonly Value[]) =>
    values.filter((_, i) => isDistinct[i]);
  const ofKept = kept(labels);
  return {
    images: {
      rows: ofKept.length,
      rowsPerClass: countByClass(ofKept.map(() => true), ofKept),
    },
    score<Score extends TestOutcome["clean"]>(of: Score): Score {
      const bits = kept(unpackBits(of.bits, rows));
      return {
        ...of,
        correct: bits.filter(Boolean).length,
        correctPerClass: countByClass(bits, ofKept),
        bits: packBits(bits),
      };
    },
  };
}

function countByClass(
  bits: readonly boolean[],
  labels: readonly number[],
): number[] {
  const counts = new Array<number>(CLASSES).fill(0);
  bits.forEach((bit, row) => counts[labels[row]!]! += Number(bit));
  return counts;
}
