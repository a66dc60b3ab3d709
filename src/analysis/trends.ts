import { type MetricName, metricNames } from "../spec/metrics.ts";
import type { Arm } from "./arm.ts";
import { bcaInterval } from "./bca_interval.ts";
import type { CrossedTest } from "./crossed_test.ts";
import { curvaturesOf } from "./curvature.ts";
import {
  contrastEffect,
  curvatureEffect,
  type Effect,
  type EffectTest,
  meanEffect,
  slopeEffect,
  testEffect,
  type ZeroTest,
} from "./effect.ts";
import type { ArmRuns } from "./group_arms.ts";
import { isAccuracy, isRelative, measure } from "./metric.ts";
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
  /** The slope over seeds and test images; `null` where it is no accuracy. */
  crossed: CrossedTest | null;
  /** p of the equivalence test at the margin. */
  equivalenceP: number | null;
  /**
   * Departure from a straight line: the coefficient of the squared ratio in the
   * least-squares parabola, one per seed, tested as the slopes are; `null` for
   * fewer than 3 ratios.
   */
  curvature: ZeroTest | null;
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
  /** The difference over seeds and test images; `null` where it is no accuracy. */
  crossed: CrossedTest | null;
  /** Bootstrap interval (BCa), 95 %; `null` for fewer than 10 seeds. */
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

/**
 * Tests an effect of arms on a metric: on an accuracy over seeds and test images,
 * on others over seeds.
 *
 * @param effect The effect as a sum of weighted cells.
 * @param values The effect on the scaled values of each seed, for metrics that are
 * relative to ratio 0.
 * @returns `null` where no seed has it.
 */
export function testMetric(
  metric: MetricName,
  margin: number,
  { effect, values }: { effect: () => Effect; values: () => number[] },
): EffectTest | null {
  if (isAccuracy(metric)) return testEffect(effect(), metric, margin);
  const seeds = values();
  return seeds.length === 0 ? null : {
    test: testMean(seeds),
    crossed: null,
    equivalenceP: testEquivalence(seeds, TIME_MARGIN),
  };
}

/** The trends of an arm, one per metric that it has. */
export function trendsOf(
  runs: ArmRuns,
  settings: AnalysisSettings,
): ArmTrend[] {
  return metricNames.flatMap((metric) =>
    trendOf(runs, { ...settings, metric }) ?? []
  );
}

/** The trend of an arm in one metric; `undefined` where it has none. */
export function trendOf(
  runs: ArmRuns,
  { metric, margin, accuracy }: AnalysisSettings & { metric: MetricName },
): ArmTrend | undefined {
  const measured = withMetric(runs, metric);
  const curves = [...scaledCurves(measured, metric, accuracy).values()];
  if (curves.length === 0) return undefined;
  const ratios = [...new Set(curves.flat().map(([ratio]) => ratio))]
    .sort((a, b) => a - b);
  return {
    arm: runs.arm,
    metric,
    ratios,
    means: ratios.map((ratio) => {
      const values = curves.flat().filter(([r]) => r === ratio);
      return values.reduce((sum, [, v]) => sum + v, 0) / values.length;
    }),
    ...testMetric(metric, margin, {
      effect: () => slopeEffect(measured),
      values: () => curves.map(slopeOf),
    })!,
    curvature: testCurvature([measured], metric, accuracy),
  };
}

/** The differences to ratio 0 of an arm, for each metric and ratio. */
export function contrastsOf(
  runs: ArmRuns,
  { margin, accuracy }: AnalysisSettings,
): Contrast[] {
  return metricNames.flatMap((metric) => {
    const measured = withMetric(runs, metric);
    const curves = [...scaledCurves(measured, metric, accuracy).values()];
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
        ...testMetric(metric, margin, {
          effect: () => contrastEffect(measured, ratio),
          values: () => differences,
        })!,
        bcaInterval: bcaInterval(differences),
        signFlipP: differences.length > 1 ? testSignFlip(differences) : null,
        holmP: null,
      };
    });
  });
}

/**
 * The cells of an arm that have an accuracy, of the seeds that have it at ratio 0
 * and at another; for other metrics the arm itself.
 */
function withMetric(runs: ArmRuns, metric: MetricName): ArmRuns {
  if (!isAccuracy(metric)) return runs;
  const seeds = [...runs.seeds].map(([seed, cells]) =>
    [
      seed,
      new Map([...cells].filter(([, cell]) => measure(cell, metric) !== null)),
    ] as const
  );
  return {
    ...runs,
    seeds: new Map(
      seeds.filter(([, cells]) => cells.size > 1 && cells.has(0)),
    ),
  };
}

/**
 * Tests whether the mean curve of arms departs from a straight line.
 *
 * @returns `null` where an arm has fewer than 3 ratios that all its seeds have.
 */
export function testCurvature(
  arms: readonly ArmRuns[],
  metric: MetricName,
  accuracy?: number,
): ZeroTest | null {
  const tested = testMetric(metric, 1, {
    effect: () => meanEffect(arms.map(curvatureEffect)),
    values: () =>
      meanBySeed(arms.map((runs) => {
        const curves = scaledCurves(runs, metric, accuracy);
        const values = curvaturesOf([...curves.values()]);
        return new Map(
          [...curves.keys()].flatMap((seed, i) =>
            values[i] === undefined ? [] : [[seed, values[i]] as const]
          ),
        );
      })),
  });
  return tested && { test: tested.test, crossed: tested.crossed };
}

/** Means over arms of one value per seed, over the seeds that all arms have. */
export function meanBySeed(
  byArm: readonly ReadonlyMap<number, number>[],
): number[] {
  const [first, ...others] = byArm;
  if (first === undefined) return [];
  return [...first].flatMap(([seed, value]) => {
    const rest = others.map((values) => values.get(seed));
    if (rest.includes(undefined)) return [];
    return [rest.reduce<number>((sum, v) => sum + v!, value) / byArm.length];
  });
}
