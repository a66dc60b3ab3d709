import type { MetricName } from "./metric.ts";
import { type MeanTest, testMean } from "./paired_test.ts";
import type { ArmRuns } from "./seed_curves.ts";
import { slopeOf } from "./slope.ts";
import { scaledCurves } from "./trends.ts";

/** What may stand in the copies' place. */
export const controlNames = ["weights", "fresh", "replace"] as const;

/**
 * Slope with copies less slope with a control in their place, one a seed: what
 * is due to repetition, rather than to a larger or otherwise mixed set.
 */
export interface ControlContrast {
  /** What stands in their place. */
  control: typeof controlNames[number];
  /** The differences of slopes. */
  test: MeanTest;
}

/**
 * Compares arms with their controls, over the ratios that both have. Weights and
 * a set of fixed size leave the number of steps as it is at ratio 0, so with
 * equal epochs, where copies bring steps, they are no controls.
 *
 * @param chosen Arms with copies.
 * @param arms All arms, the controls among them.
 */
export function compareControls(
  chosen: readonly ArmRuns[],
  arms: readonly ArmRuns[],
  metric: MetricName,
): ControlContrast[] {
  return controlNames.flatMap((control) => {
    const differences = new Map<number, number[]>();
    for (const runs of chosen) {
      const other = arms.find(({ arm, protocol, variant }) =>
        protocol === runs.protocol && variant === runs.variant &&
        arm.policy === runs.arm.policy && arm.budget === runs.arm.budget &&
        (control === "replace"
          ? arm.mode === "replace" && arm.standIn === runs.arm.standIn
          : arm.mode === "add" && arm.standIn === control)
      );
      if (other === undefined) continue;
      const theirs = scaledCurves(other, metric);
      for (const [seed, points] of scaledCurves(runs, metric)) {
        const reference = theirs.get(seed);
        if (reference === undefined) continue;
        // The ratios that both have: replacing ends at one half.
        const shared = points.filter(([r]) => reference.some(([s]) => s === r));
        differences.set(seed, [
          ...differences.get(seed) ?? [],
          slopeOf(shared) -
          slopeOf(reference.filter(([r]) => shared.some(([s]) => s === r))),
        ]);
      }
    }
    const values = [...differences.values()].map((of) =>
      of.reduce((sum, v) => sum + v, 0) / of.length
    );
    return values.length === 0 ? [] : [{ control, test: testMean(values) }];
  });
}
