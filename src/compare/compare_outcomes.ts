import { largest, smallest } from "../core/extremes.ts";
import { canonicalJson } from "../core/digest.ts";
import { relativeDifference } from "../core/relative_difference.ts";
import { countDifferingBits } from "../results/bit_string.ts";
import { onDistinctImages } from "../results/distinct_images.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { TestOutcome } from "../results/result_set_types.ts";
import { scoresOf } from "../results/scores_of.ts";
import { testsOf } from "../results/tests_of.ts";

/** How far two outcomes of the same config may differ. */
export interface Tolerance {
  /** Largest relative difference of any epoch's loss. */
  loss: number;
  /** Smallest share of test images that are correct in both or wrong in both. */
  agreement: number;
}

/**
 * The default tolerance between backends and machines: float32 sums in another
 * order change the losses of short runs by less than a thousandth.
 */
export const defaultTolerance: Tolerance = { loss: 1e-3, agreement: 0.99 };

/** `bit-equal`: in every recorded field, the weights' digest included. */
export type Verdict = "bit-equal" | "within-tolerance" | "different";

/** Whether two outcomes are equal. */
export interface OutcomeComparison {
  /** The verdict. */
  verdict: Verdict;
  /** Largest relative difference of the loss in any epoch. */
  largestLossDifference: number;
  /**
   * Smallest share of test images that are correct in both or wrong in both, over
   * the clean images and every attack; `null` where a run diverged.
   */
  smallestAgreement: number | null;
}

/** Accuracy of one cell in two files. */
export interface AccuracyDifference {
  /**
   * What was evaluated: `clean`, `flipped` for images with their mirror images, or
   * the name of the attack; before it whose weights, as in `averaged clean`; with
   * `, distinct images`: on the test images without a near duplicate among the
   * training images.
   */
  evaluation: string;
  /** Test images that are counted. */
  rows: number;
  /** Images correct in the first file. */
  reference: number;
  /** Images correct in the other file. */
  compared: number;
  /** `(compared - reference) / rows`, in `[-1, 1]`. */
  difference: number;
  /** Images correct in the other file only. */
  gained: number;
  /** Images correct in the first file only. */
  lost: number;
}

/**
 * Compares the outcomes of one config in two runs. The losses are those of the
 * epochs that both finished.
 */
export function compareOutcomes(
  reference: FinishedCell,
  compared: FinishedCell,
  tolerance: Tolerance,
): OutcomeComparison & { accuracies: AccuracyDifference[] } {
  const accuracies = compareAccuracies(reference, compared);
  const agreements = accuracies.map(({ rows, gained, lost }) =>
    // Not one minus a quotient, which is rounded twice: .93 would be less than .93.
    (rows - gained - lost) / rows
  );
  const [a, b] = [reference.outcome, compared.outcome];
  const losses = a.epochs.slice(0, b.epochs.length).map(({ loss }, epoch) =>
    relativeDifference(loss, b.epochs[epoch]!.loss)
  );
  const largestLossDifference = Math.max(0, largest(losses));
  const smallestAgreement = agreements.length === 0
    ? null
    : smallest(agreements);
  const sameCourse = a.divergedAtEpoch === b.divergedAtEpoch &&
    isEqual(reference.duplication, compared.duplication) &&
    isEqual(a.epochs.map(workOf), b.epochs.map(workOf));
  const isClose = largestLossDifference <= tolerance.loss &&
    (smallestAgreement ?? 1) >= tolerance.agreement;
  return {
    verdict: !sameCourse
      ? "different"
      : isEqual(a, b)
      ? "bit-equal"
      : isClose
      ? "within-tolerance"
      : "different",
    largestLossDifference,
    smallestAgreement,
    accuracies: [...accuracies, ...compareDistinct(reference, compared)],
  };
}

/** The same accuracies on distinct images, which decide nothing. */
function compareDistinct(
  reference: FinishedCell,
  compared: FinishedCell,
): AccuracyDifference[] {
  const [a, b] = [onDistinctImages(reference), onDistinctImages(compared)];
  if (a === null || b === null) return [];
  return compareAccuracies(a, b).map(({ evaluation, ...rest }) => ({
    evaluation: `${evaluation}, distinct images`,
    ...rest,
  }));
}

/** The accuracies of all weights that both have. */
function compareAccuracies(
  { outcome: a }: FinishedCell,
  { outcome: b }: FinishedCell,
): AccuracyDifference[] {
  if (a.test === null || b.test === null) return [];
  return testsOf(a).flatMap(({ weights, test }) => {
    // Weights of other epochs are not the same weights.
    if (weights === "best" && a.best!.epoch !== b.best?.epoch) return [];
    const other = testsOf(b).find((one) => one.weights === weights);
    if (other === undefined) return [];
    return compareTests(test, other.test).map((found) => ({
      ...found,
      evaluation: weights === ""
        ? found.evaluation
        : `${weights} ${found.evaluation}`,
    }));
  });
}

function compareTests(a: TestOutcome, b: TestOutcome): AccuracyDifference[] {
  const others = new Map(scoresOf(b).map(({ path, score }) => [path, score]));
  return scoresOf(a).flatMap(({ path, score, images: { rows } }) => {
    const other = others.get(path);
    // The worst case follows from the others.
    if (other === undefined || path === "worstCase") return [];
    const { correct, bits } = score;
    const differing = countDifferingBits(bits, other.bits);
    const gained = (differing + other.correct - correct) / 2;
    return [{
      evaluation: path.replace(/^byAttack\./, ""),
      rows,
      reference: correct,
      compared: other.correct,
      difference: (other.correct - correct) / rows,
      gained,
      lost: differing - gained,
    }];
  });
}

/** What was done in an epoch, whatever its result. */
function workOf({ images, steps }: { images: number; steps: number }) {
  return { images, steps };
}

function isEqual(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
