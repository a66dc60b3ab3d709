import { gaussianPolicies, gaussianStandIns } from "./draw_copies.ts";
import { drawSet, type LabelledPoint, labels } from "./draw_points.ts";
import {
  type GaussianResult,
  type GaussianRun,
  joinGaussianResult,
} from "./gaussian_result.ts";
import type { GaussianStudy } from "./gaussian_study.ts";
import { countCorrect, trainSvm } from "./train_svm.ts";
import { drawTrainingPoints, type GaussianCell } from "./training_points.ts";

/**
 * Runs the toy experiment: for each seed one machine without copies, and one for each
 * number of uniform and of class-biased copies, and of fresh points in their
 * place. The same study gives the same result, bit for bit.
 */
export async function runGaussian(
  study: GaussianStudy,
): Promise<GaussianResult> {
  const runs: GaussianRun[] = [];
  for (const seed of study.seeds) {
    const heldOut = drawSet(seed, "held-out", study.heldOut);
    for (const cell of listCells(study, seed)) {
      runs.push(await runCell(study, cell, heldOut));
    }
  }
  return joinGaussianResult(study, runs);
}

/** The machines of one seed; all share that without copies. */
function* listCells(
  study: GaussianStudy,
  seed: number,
): Generator<GaussianCell> {
  yield { seed, policy: "balanced", standIn: "copies", copies: 0 };
  for (const policy of gaussianPolicies) {
    for (const standIn of gaussianStandIns) {
      for (const copies of study[policy]) {
        if (copies > 0) yield { seed, policy, standIn, copies };
      }
    }
  }
}

async function runCell(
  study: GaussianStudy,
  cell: GaussianCell,
  heldOut: readonly LabelledPoint[],
): Promise<GaussianRun> {
  const { original, added } = drawTrainingPoints(study, cell);
  const trained = [...original, ...added];
  const svm = await trainSvm(trained, study);
  const [negative, positive] = labels.map((label) =>
    added.filter((point) => point.label === label).length
  ) as [number, number];
  return {
    seed: cell.seed,
    policy: cell.copies === 0 ? "none" : cell.policy,
    standIn: cell.standIn,
    added: [negative, positive],
    vectors: svm.vectors.length,
    original: countCorrect(svm, original),
    trained: countCorrect(svm, trained),
    heldOut: countCorrect(svm, heldOut),
  };
}
