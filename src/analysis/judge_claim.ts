import { type MetricName, metricOf } from "../spec/metrics.ts";
import type { Arm } from "./arm.ts";
import {
  type Claim,
  type ClaimVerdict,
  FEWEST_SEEDS,
  type InformationalRule,
  LEVEL,
} from "./claims.ts";
import { countAtChance, describeChance } from "./chance.ts";
import { compareControls, type ControlContrast } from "./controls.ts";
import type { ArmRuns } from "./group_arms.ts";
import { isRelative, needsAccuracy } from "./metric.ts";
import { type MeanTest, testEquivalence, testMean } from "./paired_test.ts";
import { slopeOf } from "./slope.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";
import { type AnalysisSettings, marginOf, scaledCurves } from "./trends.ts";
import { imageTimeSpread, MOST_SPREAD } from "./uneven_load.ts";

/** Whether these result sets support a claim of the paper. */
export interface ClaimResult {
  /** The paper's claim, in short. */
  statement: string;
  /** The rule that gives the verdict. */
  rule: string;
  /** Metric whose trend is judged. */
  metric: MetricName;
  /** The verdict. */
  verdict: ClaimVerdict;
  /** What the verdict rests on, or why there is none, in one sentence. */
  reason: string;
  /** Arms that the trend is over; equal where only protocols differ. */
  arms: Arm[];
  /** Slopes, one per seed; `null` where no arm was run. */
  test: MeanTest | null;
  /** p of the equivalence test at the margin. */
  equivalenceP: number | null;
  /** The slopes minus those of each control. */
  controls: ControlContrast[];
  /** Trends for information, which are not part of the verdict. */
  informational: InformationalTrend[];
}

/** A trend that is shown with a claim and is not part of the verdict. */
export interface InformationalTrend {
  /** Which trend, in words. */
  label: string;
  /** Metric of the trend. */
  metric: MetricName;
  /** Slopes, one per seed; `null` where no seed is left. */
  test: MeanTest | null;
  /** Seeds left out because they do not reach the accuracy at some ratio. */
  seedsLeftOut: number;
}

/**
 * Judges one claim by the mean slope of each seed over the arms that the claim
 * is about.
 *
 * @param settings Margin and accuracy of the analysis.
 */
export function judgeClaim(
  { statement, rule, needs, metric, concerns, judge, informational = [] }:
    Claim,
  arms: readonly ArmRuns[],
  settings: AnalysisSettings,
): ClaimResult {
  const { margin } = settings;
  let chosen = arms.filter(({ arm }) => concerns(arm));
  // Equal epochs, as published, where the claim allows both and both were run.
  const published = chosen.filter(({ arm }) => arm.budget === "epochs");
  if (published.length > 0) chosen = published;
  const common = {
    statement,
    rule,
    metric,
    arms: chosen.map(({ arm }) => arm),
    controls: compareControls(chosen, arms, metric),
    informational: informational
      .filter((one) =>
        one.metric !== metric ||
        !isSame(chosen, arms.filter(({ arm }) => one.concerns(arm)))
      )
      .flatMap((one) => measureInformational(one, arms, settings)),
  };
  const withoutVerdict = (
    reason: string,
    test: MeanTest | null = null,
  ): ClaimResult => ({
    ...common,
    verdict: "inconclusive",
    reason,
    test,
    equivalenceP: null,
  });
  const values = seedSlopes(chosen, metric, settings);
  if (values.length === 0) {
    return withoutVerdict(
      `no data: the claim needs runs at ratio 0 and above with ${needs}`,
    );
  }
  const test = testMean(values);
  const chance = countAtChance([
    ...new Set(
      chosen.flatMap(({ seeds }) =>
        [...seeds.values()].flatMap((cells) => cells.get(0) ?? [])
      ),
    ),
  ]);
  if (chance.atChance > 0 && !isRelative(metric)) {
    return withoutVerdict(
      `at ratio 0, ${describeChance(chance)}`,
      test,
    );
  }
  if (test.interval === null) {
    return withoutVerdict(
      "one seed gives no variance, so there is no test",
      test,
    );
  }
  if (test.n < FEWEST_SEEDS) {
    return withoutVerdict(
      `a verdict needs at least ${FEWEST_SEEDS} seeds; ${
        describePower(test, metric)
      }`,
      test,
    );
  }
  if (isRelative(metric)) {
    const spread = imageTimeSpread(
      chosen.flatMap(({ seeds }) =>
        [...seeds.values()].flatMap((cells) => [...cells.values()])
      ),
    );
    if (spread > MOST_SPREAD) {
      return withoutVerdict(
        `the load of the machine was uneven: the time per image differs by a factor of ${
          spread.toFixed(1)
        } between these runs`,
        test,
      );
    }
  }
  const equivalenceP = testEquivalence(values, marginOf(metric, margin));
  const verdict = judge({ test, equivalenceP }, margin);
  return {
    ...common,
    verdict,
    reason: verdict === "inconclusive"
      ? `the interval of the slope is too wide; ${describePower(test, metric)}`
      : test.p! < LEVEL && equivalenceP! < LEVEL
      ? "by the interval of the slope, which excludes 0 but is shown to be within the margin"
      : "by the interval of the slope and the margin",
    test,
    equivalenceP,
  };
}

/** The smallest slope that so many seeds show in four cases of five. */
export function describePower(
  { n, detectable }: Pick<MeanTest, "n" | "detectable">,
  metric: MetricName,
): string {
  return `with ${n} seeds, 80 % power needs a slope of ${
    roundSize(detectable!)
  } ${metricOf(metric).unit}`;
}

/** Whole numbers from 10 on, two significant digits below. */
function roundSize(size: number): string {
  return size >= 10 ? size.toFixed(0) : String(Number(size.toPrecision(2)));
}

function isSame(some: readonly ArmRuns[], others: readonly ArmRuns[]): boolean {
  return some.length === others.length && some.every((a) => others.includes(a));
}

/** None where there are no runs, or no counts to take an accuracy from. */
function measureInformational(
  { label, metric, concerns }: InformationalRule,
  arms: readonly ArmRuns[],
  settings: AnalysisSettings,
): InformationalTrend[] {
  const chosen = arms.filter(({ arm }) => concerns(arm));
  const slopes = seedSlopes(chosen, metric, settings);
  if (!needsAccuracy(metric)) {
    return slopes.length === 0
      ? []
      : [{ label, metric, test: testMean(slopes), seedsLeftOut: 0 }];
  }
  const counted = new Set(
    chosen.flatMap(({ seeds }) =>
      [...seeds].filter(([, cells]) =>
        timesToAccuracy([...cells.values()]) !== null
      ).map(([seed]) => seed)
    ),
  );
  if (counted.size === 0) return [];
  return [{
    label,
    metric,
    test: slopes.length === 0 ? null : testMean(slopes),
    seedsLeftOut: counted.size - slopes.length,
  }];
}

/** Slopes, one per seed, each the mean over the arms of that seed. */
function seedSlopes(
  arms: readonly ArmRuns[],
  metric: MetricName,
  { accuracy }: AnalysisSettings,
): number[] {
  const slopes = new Map<number, number[]>();
  for (const runs of arms) {
    for (const [seed, points] of scaledCurves(runs, metric, accuracy)) {
      // A seed is one unit, however many arms and protocols it ran.
      slopes.set(seed, [...slopes.get(seed) ?? [], slopeOf(points)]);
    }
  }
  return [...slopes.values()].map((of) =>
    of.reduce((sum, slope) => sum + slope, 0) / of.length
  );
}
