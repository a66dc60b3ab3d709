import { type MetricName, metricNames } from "../spec/metrics.ts";
import type { Arm } from "./arm.ts";
import { bcaInterval } from "./bca_interval.ts";
import type { ArmRuns } from "./group_arms.ts";
import { isRelative } from "./metric.ts";
import { type MeanTest, testEquivalence, testMean } from "./paired_test.ts";
import { curvesOf } from "./seed_curves.ts";
import { testSignFlip } from "./sign_flip.ts";
import { slopeOf } from "./slope.ts";

/** Margin of the metrics that are in per cent of ratio 0, in per cent. */
export const TIME_MARGIN = 5;

/** The trend of one arm. */
export interface ArmTrend {
  /** The runs. */
  arm: Arm;
  /** What was measured. */
  metric: MetricName;
  /** Ratios that were run, ascending from 0. */
  ratios: number[];
  /** Mean at each ratio, over seeds. */
  means: number[];
  /** Slopes, one per seed: the change from ratio 0 to 1, in the metric's unit. */
  test: MeanTest;
  /** p of the equivalence test at the margin. */
  equivalenceP: number | null;
}

/** The paired difference to ratio 0 at one ratio of one arm. */
export interface Contrast {
  /** The runs. */
  arm: Arm;
  /** What was measured. */
  metric: MetricName;
  /** The ratio, above 0. */
  ratio: number;
  /** Differences, one per seed, in the metric's unit. */
  test: MeanTest;
  /** Bootstrap interval (BCa), 95 %; `null` for fewer than 3 seeds. */
  bcaInterval: [low: number, high: number] | null;
  /** p of the exact sign-flip test; `null` for one seed. */
  signFlipP: number | null;
  /** p adjusted over all contrasts in points (Holm); `null` for the others. */
  holmP: number | null;
  /** p of the equivalence test at the margin. */
  equivalenceP: number | null;
}

/** Settings of an analysis, every default filled in. */
export interface AnalysisSettings {
  /** Margin of accuracies: the smallest change worth naming, in points. */
  margin: number;
  /** Goal of the time to accuracy; absent: for each seed what all ratios reach. */
  accuracy?: number | undefined;
}

/** Values in the unit of the metric: points, or per cent of the seed's ratio 0. */
export function scaledCurves(
  runs: ArmRuns,
  metric: MetricName,
  accuracy?: number,
): Map<number, [number, number][]> {
  const curves = curvesOf(runs, metric, accuracy);
  if (!isRelative(metric)) return curves;
  for (const [seed, points] of curves) {
    const first = points[0]![1];
    curves.set(
      seed,
      points.map(([ratio, time]) => [ratio, 100 * time / first]),
    );
  }
  return curves;
}

/** The smallest change worth naming, in the unit of the metric. */
export function marginOf(metric: MetricName, margin: number): number {
  return isRelative(metric) ? TIME_MARGIN : margin;
}

/** The trends of an arm, one per metric that it has. */
export function trendsOf(
  runs: ArmRuns,
  { margin, accuracy }: AnalysisSettings,
): ArmTrend[] {
  return metricNames.flatMap((metric) => {
    const curves = [...scaledCurves(runs, metric, accuracy).values()];
    if (curves.length === 0) return [];
    const ratios = [...new Set(curves.flat().map(([ratio]) => ratio))]
      .sort((a, b) => a - b);
    const slopes = curves.map(slopeOf);
    return [{
      arm: runs.arm,
      metric,
      ratios,
      means: ratios.map((ratio) => {
        const values = curves.flat().filter(([r]) => r === ratio);
        return values.reduce((sum, [, v]) => sum + v, 0) / values.length;
      }),
      test: testMean(slopes),
      equivalenceP: testEquivalence(slopes, marginOf(metric, margin)),
    }];
  });
}

/** The differences to ratio 0 of an arm, for each metric and ratio. */
export function contrastsOf(
  runs: ArmRuns,
  { margin, accuracy }: AnalysisSettings,
): Contrast[] {
  return metricNames.flatMap((metric) => {
    const curves = [...scaledCurves(runs, metric, accuracy).values()];
    const ratios = [...new Set(curves.flat().map(([ratio]) => ratio))]
      .filter((ratio) => ratio > 0).sort((a, b) => a - b);
    return ratios.map((ratio) => {
      const differences = curves.flatMap((points) => {
        const at = points.find(([r]) => r === ratio);
        return at === undefined ? [] : [at[1] - points[0]![1]];
      });
      return {
        arm: runs.arm,
        metric,
        ratio,
        test: testMean(differences),
        bcaInterval: bcaInterval(differences),
        signFlipP: differences.length > 1 ? testSignFlip(differences) : null,
        holmP: null,
        equivalenceP: testEquivalence(differences, marginOf(metric, margin)),
      };
    });
  });
}
