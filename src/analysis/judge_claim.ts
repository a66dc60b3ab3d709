import {
  type Claim,
  type ClaimVerdict,
  FEWEST_SEEDS,
  type SideTrend,
} from "./claims.ts";
import { compareControls, type ControlContrast } from "./controls.ts";
import type { MetricName } from "./metric.ts";
import { type MeanTest, testEquivalence, testMean } from "./paired_test.ts";
import type { Arm, ArmRuns } from "./seed_curves.ts";
import { slopeOf } from "./slope.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";
import { marginOf, scaledCurves, type Terms } from "./trends.ts";

/** How a claim of the paper stands by these result sets. */
export interface ClaimResult {
  /** As the paper has it, in short. */
  statement: string;
  /** The rule that decides it. */
  rule: string;
  /** How it stands. */
  verdict: ClaimVerdict;
  /** Why it is inconclusive, or what decided it, in a sentence. */
  reason: string;
  /** Arms that the trend is over. */
  arms: Arm[];
  /** Slopes, one a seed; `null` where no arm was run. */
  test: MeanTest | null;
  /** Equivalence p at the margin. */
  equivalence: number | null;
  /** The slopes less those of each control. */
  controls: ControlContrast[];
  /** Trends shown with it, which decide nothing. */
  beside: SideResult[];
}

/** A trend shown with a claim. */
export interface SideResult {
  /** What of, in words. */
  what: string;
  /** The same by name. */
  metric: MetricName;
  /** Slopes, one a seed; `null` where no seed is left. */
  test: MeanTest | null;
  /** Seeds left out, as some ratio never gets to the accuracy. */
  left: number;
}

/**
 * Judges one claim by the mean slope, over the arms it concerns, of each seed.
 *
 * @param terms Margin and accuracy of the analysis.
 */
export function judgeClaim(
  { statement, rule, needs, metric, concerns, judge, beside = [] }: Claim,
  arms: readonly ArmRuns[],
  terms: Terms,
): ClaimResult {
  const { margin } = terms;
  let chosen = arms.filter(({ arm }) => concerns(arm));
  // As published where there is that, for the one claim that takes both.
  const published = chosen.filter(({ arm }) => arm.budget === "epochs");
  if (published.length > 0) chosen = published;
  const controls = compareControls(chosen, arms, metric);
  const sides = beside.flatMap((side) => judgeSide(side, arms, terms));
  const open = (reason: string, test: MeanTest | null = null): ClaimResult => ({
    controls,
    beside: sides,
    statement,
    rule,
    verdict: "inconclusive",
    reason,
    arms: chosen.map(({ arm }) => arm),
    test,
    equivalence: null,
  });
  const values = seedSlopes(chosen, metric, terms);
  if (values.length === 0) {
    return open(
      `no data: there must be runs at ratio 0 and above with ${needs}`,
    );
  }
  const test = testMean(values);
  if (test.interval === null) {
    return open("one seed shows no spread, so nothing can be tested", test);
  }
  if (test.n < FEWEST_SEEDS) {
    return open(`fewer than ${FEWEST_SEEDS} seeds decide nothing`, test);
  }
  const equivalence = testEquivalence(values, marginOf(metric, margin));
  const verdict = judge({ test, equivalence }, margin);
  return {
    controls,
    beside: sides,
    statement,
    rule,
    verdict,
    reason: verdict === "inconclusive"
      ? `at this power: ${test.n} seeds show a slope of ${
        test.detectable!.toFixed(2)
      } or more four times in five`
      : "by the interval of the slope and the margin",
    arms: chosen.map(({ arm }) => arm),
    test,
    equivalence,
  };
}

/** None where no seed has counts to take an accuracy from. */
function judgeSide(
  { what, metric, concerns }: SideTrend,
  arms: readonly ArmRuns[],
  terms: Terms,
): SideResult[] {
  const chosen = arms.filter(({ arm }) => concerns(arm));
  const counted = new Set(
    chosen.flatMap(({ seeds }) =>
      [...seeds].filter(([, cells]) =>
        timesToAccuracy([...cells.values()]) !== null
      ).map(([seed]) => seed)
    ),
  );
  if (counted.size === 0) return [];
  const slopes = seedSlopes(chosen, metric, terms);
  return [{
    what,
    metric,
    test: slopes.length === 0 ? null : testMean(slopes),
    left: counted.size - slopes.length,
  }];
}

/** Slopes, one a seed, each the mean over the arms of that seed. */
function seedSlopes(
  arms: readonly ArmRuns[],
  metric: MetricName,
  { accuracy }: Terms,
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
