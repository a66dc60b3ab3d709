import { type Difference, firstDifference } from "../core/first_difference.ts";
import { relativeDifference } from "../core/relative_difference.ts";
import { countDifferingBits } from "../results/bit_string.ts";
import type { Outcome } from "../results/outcome.ts";
import { scoresOf } from "../results/scores_of.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { TestOutcome } from "../results/result_set_types.ts";
import { testsOf } from "../results/tests_of.ts";

/** A difference that is too large. */
export interface Excess extends Difference {
  /** How large it is, and the largest that is allowed. */
  why: string;
}

/** Relative difference of losses that is allowed, as a share of the tolerance. */
const LOSS_SHARE = 0.1;

/**
 * Compares two runs of one config whose bits may differ: the share of test images
 * that are correct in one and wrong in the other, clean, under each attack and in
 * the worst case, by all weights that were evaluated; the share of correct images
 * among those trained on, those counted separately and, after an epoch, test images
 * and images held out or attacked; losses; the largest perturbation. Plans, counts
 * of images and steps, divergence and flags must be equal nevertheless. The hash of
 * the weights is ignored.
 *
 * @param tolerance Largest share of images, in `[0, 1]`; losses may differ by a
 * tenth of it, relatively.
 * @returns The first field beyond it, or `null`.
 */
export function compareWithin(
  recorded: FinishedCell,
  repeated: FinishedCell,
  tolerance: number,
): Excess | null {
  const other = firstDifference(exactPart(recorded), exactPart(repeated));
  if (other !== null) {
    return { ...other, why: "no tolerance applies to this field" };
  }
  const [a, b] = [recorded.outcome, repeated.outcome];
  for (const [i, { loss }] of a.epochs.entries()) {
    const got = b.epochs[i]!.loss;
    const excess = beyond(
      `outcome.epochs.${i}.loss`,
      [loss, got],
      [relativeDifference(loss, got), tolerance * LOSS_SHARE],
    );
    if (excess !== null) return excess;
  }
  return compareAllTests(a, b, tolerance) ??
    compareTraining(a.train, b.train, tolerance) ??
    compareCounts([recorded, repeated], tolerance);
}

/** Images of which a cell says how many are correct, but not which. */
interface ImageCount {
  readonly field: string;
  readonly correct: number;
  readonly rows: number;
}

/** Such counts after epochs, and of the test images that are counted separately. */
function countsOf({ config, outcome }: FinishedCell): ImageCount[] {
  const { epochs, leaked, test } = outcome;
  const ofEpochs = epochs.flatMap(({ correct, validation, overfitting }, i) => {
    const held = config.dataset.validation ?? 0;
    const attacked = overfitting?.images ?? 0;
    // Of a run that diverged, the cell does not say how many test images there are.
    return [
      { name: "correct", correct, rows: test?.rows ?? Infinity },
      { name: "validation.correct", correct: validation?.correct, rows: held },
      { name: "validation.robust", correct: validation?.robust, rows: held },
      {
        name: "overfitting.singleStep",
        correct: overfitting?.singleStep,
        rows: attacked,
      },
      { name: "overfitting.pgd", correct: overfitting?.pgd, rows: attacked },
    ].flatMap(({ name, correct, rows }) =>
      correct === undefined
        ? []
        : [{ field: `outcome.epochs.${i}.${name}`, correct, rows }]
    );
  });
  return leaked === undefined
    ? ofEpochs
    : [...ofEpochs, { field: "outcome.leaked.correct", ...leaked }];
}

function compareCounts(
  [recorded, repeated]: readonly [FinishedCell, FinishedCell],
  tolerance: number,
): Excess | null {
  const others = countsOf(repeated);
  for (const [i, { field, correct, rows }] of countsOf(recorded).entries()) {
    const got = others[i]!.correct;
    const share = Math.abs(correct - got) / Math.max(1, rows);
    const excess = beyond(field, [correct, got], [share, tolerance]);
    if (excess !== null) return excess;
  }
  return null;
}

/**
 * Compares what all weights make of the test images. Which epoch is the best may
 * hang on one image held out, and weights of other epochs are not compared.
 */
function compareAllTests(
  a: Outcome,
  b: Outcome,
  tolerance: number,
): Excess | null {
  for (const { weights, path, test } of testsOf(a)) {
    if (weights === "best" && a.best!.epoch !== b.best!.epoch) continue;
    const other = testsOf(b).find((one) => one.weights === weights)!;
    const excess = compareTests([test, other.test], { path, tolerance });
    if (excess !== null) return excess;
  }
  return null;
}

/** What must be equal on every backend, adapter and version. */
function exactPart(cell: FinishedCell) {
  const { duplication, outcome } = cell;
  const { epochs, divergedAtEpoch, train, flags } = outcome;
  return {
    duplication,
    outcome: {
      counts: Object.fromEntries(
        countsOf(cell).map(({ field, rows }) => [field, String(rows)]),
      ),
      epochs: epochs.map(({ images, steps }) => ({ images, steps })),
      divergedAtEpoch,
      ...Object.fromEntries(
        testsOf(outcome).map(({ path, test }) => [path, {
          rows: test.rows,
          rowsPerClass: test.rowsPerClass,
          attacked: test.attacked ?? "all",
          attacks: Object.keys(test.byAttack).sort(),
          hasWorstCase: test.worstCase !== undefined,
          isFlipped: test.flipped !== undefined,
        }]),
      ),
      train: train && {
        unique: { rows: train.unique.rows },
        copies: { rows: train.copies.rows },
        attacks: Object.keys(train.byAttack ?? {}).sort(),
      },
      flags: flags.map(({ flag, where }) => ({ flag, where })),
    },
  };
}

function compareTests(
  [a, b]: readonly [TestOutcome, TestOutcome],
  { path, tolerance }: { path: string; tolerance: number },
): Excess | null {
  const others = new Map(scoresOf(b).map(({ path, score }) => [path, score]));
  for (const { path: name, score: one, images } of scoresOf(a)) {
    const other = others.get(name)!;
    const excess = beyond(
      `outcome.${path}.${name}.correct`,
      [one.correct, other.correct],
      [countDifferingBits(one.bits, other.bits) / images.rows, tolerance],
    );
    if (excess !== null) return excess;
  }
  for (const [name, score] of Object.entries(a.byAttack)) {
    const [one, other] = [score, b.byAttack[name]!].map((s) =>
      s.maxPerturbation
    ) as [number, number];
    const excess = beyond(
      `outcome.${path}.byAttack.${name}.maxPerturbation`,
      [one, other],
      [relativeDifference(one, other), tolerance],
    );
    if (excess !== null) return excess;
  }
  return null;
}

function compareTraining(
  a: Outcome["train"],
  b: Outcome["train"],
  tolerance: number,
): Excess | null {
  if (a === null || b === null) return null;
  const scores = [
    ["outcome.train", a, b] as const,
    ...Object.entries(a.byAttack ?? {}).map(([name, score]) =>
      [`outcome.train.byAttack.${name}`, score, b.byAttack![name]!] as const
    ),
  ];
  for (const [field, one, other] of scores) {
    for (const part of ["unique", "copies"] as const) {
      const counts = [one[part].correct, other[part].correct] as const;
      const excess = beyond(
        `${field}.${part}.correct`,
        [...counts],
        [
          Math.abs(counts[0] - counts[1]) / Math.max(1, one[part].rows),
          tolerance,
        ],
      );
      if (excess !== null) return excess;
    }
  }
  for (const [name, score] of Object.entries(a.byAttack ?? {})) {
    const pair = [score, b.byAttack![name]!].map((s) => s.maxPerturbation) as [
      number,
      number,
    ];
    const excess = beyond(
      `outcome.train.byAttack.${name}.maxPerturbation`,
      pair,
      [relativeDifference(...pair), tolerance],
    );
    if (excess !== null) return excess;
  }
  return null;
}

function beyond(
  field: string,
  [expected, got]: [number, number],
  [share, most]: [number, number],
): Excess | null {
  if (share <= most) return null;
  const percent = (value: number) => `${Number((100 * value).toPrecision(3))}%`;
  return {
    field,
    expected: String(expected),
    got: String(got),
    why: `${percent(share)} apart, more than ${percent(most)}`,
  };
}
