import { bcaInterval } from "./bca_interval.ts";
import { type MetricName, metricNames } from "./metric.ts";
import { type MeanTest, testEquivalence, testMean } from "./paired_test.ts";
import { type Arm, type ArmRuns, curvesOf } from "./seed_curves.ts";
import { testSignFlip } from "./sign_flip.ts";
import { slopeOf } from "./slope.ts";

/** Changes of time that are worth naming, in per cent. */
export const TIME_MARGIN = 5;

/** The trend of one arm. */
export interface ArmTrend {
  /** Which runs. */
  arm: Arm;
  /** Of what. */
  metric: MetricName;
  /** Ratios that were run, ascending from 0. */
  ratios: number[];
  /** Mean at each ratio, over seeds. */
  means: number[];
  /** Slopes, one a seed: the change from ratio 0 to 1, in the metric's unit. */
  test: MeanTest;
  /** Equivalence p at the margin. */
  equivalence: number | null;
}

/** The paired difference to ratio 0 at one ratio of one arm. */
export interface Contrast {
  /** Which runs. */
  arm: Arm;
  /** Of what. */
  metric: MetricName;
  /** At which ratio, above 0. */
  ratio: number;
  /** Differences, one a seed, in the metric's unit. */
  test: MeanTest;
  /** Bootstrap interval, 95 %. */
  bca: [low: number, high: number] | null;
  /** Exact sign-flip p; `null` for one seed. */
  signFlip: number | null;
  /** p adjusted over all contrasts of accuracy; `null` where there is none. */
  holm: number | null;
  /** Equivalence p at the margin. */
  equivalence: number | null;
}

/** What an analysis is told, every default filled in. */
export interface Terms {
  /** Change of accuracy that is worth naming, in points. */
  margin: number;
  /** Accuracy to take the time to; none: for each seed what all ratios reach. */
  accuracy?: number | undefined;
}

/** Whether a metric is a time: then it is in per cent of ratio 0. */
export function isTime(metric: MetricName): boolean {
  return metric !== "clean" && metric !== "adversarial";
}

/** Values in the unit of analysis: points, or per cent of the seed's ratio 0. */
export function scaledCurves(
  runs: ArmRuns,
  metric: MetricName,
  accuracy?: number,
): Map<number, [number, number][]> {
  const curves = curvesOf(runs, metric, accuracy);
  if (!isTime(metric)) return curves;
  for (const [seed, points] of curves) {
    const first = points[0]![1];
    curves.set(
      seed,
      points.map(([ratio, time]) => [ratio, 100 * time / first]),
    );
  }
  return curves;
}

/** The change that is worth naming, in the unit of the metric. */
export function marginOf(metric: MetricName, margin: number): number {
  return isTime(metric) ? TIME_MARGIN : margin;
}

/** The trends of an arm, one for each metric that it has. */
export function trendsOf(
  runs: ArmRuns,
  { margin, accuracy }: Terms,
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
      equivalence: testEquivalence(slopes, marginOf(metric, margin)),
    }];
  });
}

/** The differences to ratio 0 of an arm, for each metric and ratio. */
export function contrastsOf(
  runs: ArmRuns,
  { margin, accuracy }: Terms,
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
        bca: bcaInterval(differences),
        signFlip: differences.length > 1 ? testSignFlip(differences) : null,
        holm: null,
        equivalence: testEquivalence(differences, marginOf(metric, margin)),
      };
    });
  });
}
