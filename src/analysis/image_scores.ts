import { attackedImagesOf } from "../results/attacked_images.ts";
import { unpackBits } from "../results/bit_string.ts";
import { onDistinctImages } from "../results/distinct_images.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type {
  AttackedImages,
  TestOutcome,
} from "../results/result_set_types.ts";
import { metrics } from "../spec/metrics.ts";
import type { AccuracyMetric } from "./metric.ts";

/** Which test images count as correct in an accuracy. */
export interface ImageScores {
  /** Whether an image counts, 1 or 0, shape `[images]`. */
  readonly right: Uint8Array;
  /** Images that count. */
  readonly correct: number;
  /** The images it is over, by class, shape `[classes]`. */
  readonly rowsPerClass: readonly number[];
  /** Images that count, by class; `null` in result sets without these counts. */
  readonly correctPerClass: readonly number[] | null;
}

/**
 * The test images of a cell by one of its accuracies.
 *
 * @returns `null` where the cell has no such accuracy.
 */
export function imageScores(
  cell: FinishedCell,
  metric: AccuracyMetric,
): ImageScores | null {
  const ofCell = known.get(cell) ?? new Map();
  known.set(cell, ofCell);
  if (!ofCell.has(metric)) ofCell.set(metric, readScores(cell, metric));
  return ofCell.get(metric) ?? null;
}

/** What was read before: an analysis asks for each many times. */
const known = new WeakMap<
  FinishedCell,
  Map<AccuracyMetric, ImageScores | null>
>();

function readScores(
  cell: FinishedCell,
  metric: AccuracyMetric,
): ImageScores | null {
  const { outcome: { test, averaged, best } } = cell;
  switch (metric) {
    case "clean":
      return test && ofScore(test, test.clean);
    case "adversarial":
      return test && worstCaseScores(test);
    case "flipped-clean":
      return test?.flipped ? ofScore(test, test.flipped) : null;
    case "averaged-clean":
      return averaged ? ofScore(averaged.test, averaged.test.clean) : null;
    case "averaged-adversarial":
      return averaged ? worstCaseScores(averaged.test) : null;
    case "best-clean":
      return best ? ofScore(best.test, best.test.clean) : null;
    case "best-adversarial":
      return best ? worstCaseScores(best.test) : null;
    default: {
      const distinct = onDistinctImages(cell);
      return distinct && imageScores(distinct, metrics[metric].partOf);
    }
  }
}

function ofScore(
  { rows, rowsPerClass }: AttackedImages,
  { bits, correct, correctPerClass }: TestOutcome["clean"],
): ImageScores {
  return {
    right: Uint8Array.from(unpackBits(bits, rows), Number),
    correct,
    rowsPerClass,
    correctPerClass,
  };
}

/**
 * Test images, of those attacked, classified correctly both clean and under every attack: as
 * recorded, or from the bits per image in result sets without that score.
 *
 * @returns `null` where no attack was run, or clean scores are of other images.
 */
function worstCaseScores(test: TestOutcome): ImageScores | null {
  if (test.worstCase !== undefined) {
    return ofScore(attackedImagesOf(test), test.worstCase);
  }
  const attacks = Object.values(test.byAttack);
  if (attacks.length === 0 || test.attacked !== undefined) return null;
  const all = [test.clean, ...attacks].map((score) => ofScore(test, score));
  const right = all[0]!.right.map((_, i) =>
    Number(all.every((scores) => scores.right[i]))
  );
  return {
    right,
    correct: right.reduce((sum, one) => sum + one, 0),
    rowsPerClass: test.rowsPerClass,
    correctPerClass: null,
  };
}

/** How many those are; `null` where no attack was run. */
export function countWorstCase(test: TestOutcome): number | null {
  return worstCaseScores(test)?.correct ?? null;
}
