import { largest } from "../core/extremes.ts";
import type { Arm } from "../analysis/arm.ts";
import type { ArmRuns } from "../analysis/group_arms.ts";
import type { FinishedCell } from "../results/result_set.ts";
import { type Band, bandOf } from "./band.ts";

/** Accuracy after an epoch. */
export interface LearningPoint extends Band {
  /** Epochs until then. */
  epoch: number;
  /** Gradient steps until then. */
  steps: number;
}

/** Clean accuracy during training, at one ratio of one arm. */
export interface LearningCurve {
  /** Which runs. */
  arm: Arm;
  /** As in the series. */
  protocol: string;
  /** Copies per original image. */
  ratio: number;
  /** In points, ascending by epoch. */
  points: LearningPoint[];
}

/**
 * Learning curves of an arm at ratio 0 and at its largest ratio, over the cells
 * that counted correct test images between epochs.
 *
 * @returns Empty if no cell did.
 */
export function learningCurvesOf(
  { arm, protocol, seeds }: ArmRuns,
): LearningCurve[] {
  const ratios = [...seeds.values()].flatMap((cells) => [...cells.keys()]);
  return [0, largest(ratios)].flatMap((ratio) => {
    const cells = [...seeds.values()].flatMap((of) => of.get(ratio) ?? []);
    const counted = Map.groupBy(cells.flatMap(countsOf), ({ epoch }) => epoch);
    const points = [...counted].sort(([a], [b]) => a - b).map(
      ([epoch, counts]) => ({
        epoch,
        steps: counts[0]!.steps,
        ...bandOf(counts.map(({ accuracy }) => accuracy)),
      }),
    );
    // One point is not a curve.
    return points.length < 2 ? [] : [{ arm, protocol, ratio, points }];
  });
}

function countsOf({ outcome: { epochs, test } }: FinishedCell) {
  let steps = 0;
  return epochs.flatMap((epoch, i) => {
    steps += epoch.steps;
    return epoch.correct === undefined || test === null ? [] : [{
      epoch: i + 1,
      steps,
      accuracy: 100 * epoch.correct / test.rows,
    }];
  });
}
