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
  if (test === null || cell.config.dataset.name !== "cifar10") return null;
  const known = views.get(cell);
  if (known !== undefined) return known;
  const images = testImages(test.rows);
  const view = fits(test, images)
    ? {
      ...cell,
      outcome: {
        ...cell.outcome,
        test: select(test, images),
        ...(averaged && {
          averaged: { ...averaged, test: select(averaged.test, images) },
        }),
        ...(best && { best: { ...best, test: select(best.test, images) } }),
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

/** Whether the counts by class are those of these images. */
function fits(
  { rows, rowsPerClass, clean }: TestOutcome,
  { labels }: TestImages,
): boolean {
  if (labels.length !== rows || rowsPerClass.length !== CLASSES) return false;
  const counts = countByClass(labels.map(() => true), labels);
  const correct = countByClass(unpackBits(clean.bits, rows), labels);
  return counts.every((count, c) =>
    count === rowsPerClass[c] && correct[c] === clean.correctPerClass[c]
  );
}

function select(
  test: TestOutcome,
  { labels, isDistinct }: TestImages,
): TestOutcome {
  const kept = <Value>(values: readonly Value[]) =>
    values.filter((_, i) => isDistinct[i]);
  const ofKept = kept(labels);
  const score = <Score extends TestOutcome["clean"]>(of: Score): Score => {
    const bits = kept(unpackBits(of.bits, test.rows));
    return {
      ...of,
      correct: bits.filter(Boolean).length,
      correctPerClass: countByClass(bits, ofKept),
      bits: packBits(bits),
    };
  };
  const { clean, flipped, byAttack, worstCase } = test;
  return {
    rows: ofKept.length,
    rowsPerClass: countByClass(ofKept.map(() => true), ofKept),
    clean: score(clean),
    ...(flipped && { flipped: score(flipped) }),
    byAttack: Object.fromEntries(
      Object.entries(byAttack).map(([name, of]) => [name, score(of)]),
    ),
    ...(worstCase && { worstCase: score(worstCase) }),
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
