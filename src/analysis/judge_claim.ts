import {
  type Claim,
  type ClaimVerdict,
  FEWEST_SEEDS,
  LEVEL,
  type SideTrend,
} from "./claims.ts";
import { compareControls, type ControlContrast } from "./controls.ts";
import { isToAccuracy, type MetricName, metricUnits } from "./metric.ts";
import { type MeanTest, testEquivalence, testMean } from "./paired_test.ts";
import type { Arm, ArmRuns } from "./seed_curves.ts";
import { slopeOf } from "./slope.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";
import { isTime, marginOf, scaledCurves, type Terms } from "./trends.ts";
import { imageTimeSpread, MOST_SPREAD } from "./uneven_load.ts";

/** How a claim of the paper stands by these result sets. */
export interface ClaimResult {
  /** As the paper has it, in short. */
  statement: string;
  /** The rule that decides it. */
  rule: string;
  /** What the trend is of. */
  metric: MetricName;
  /** How it stands. */
  verdict: ClaimVerdict;
  /** Why it is inconclusive, or what decided it, in a sentence. */
  reason: string;
  /** Arms that the trend is over; alike where protocols differ. */
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
  /** Seeds left out, as some ratio never gets to an accuracy. */
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
  const sides = beside
    .filter((side) =>
      side.metric !== metric ||
      !isSame(chosen, arms.filter(({ arm }) => side.concerns(arm)))
    )
    .flatMap((side) => judgeSide(side, arms, terms));
  const open = (reason: string, test: MeanTest | null = null): ClaimResult => ({
    controls,
    beside: sides,
    statement,
    rule,
    metric,
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
    return open(
      `fewer than ${FEWEST_SEEDS} seeds decide nothing; ${
        formatPower(test, metric)
      }`,
      test,
    );
  }
  if (isTime(metric)) {
    const spread = imageTimeSpread(
      chosen.flatMap(({ seeds }) =>
        [...seeds.values()].flatMap((cells) => [...cells.values()])
      ),
    );
    if (spread > MOST_SPREAD) {
      return open(
        `the machine was unevenly busy: an image took up to ${
          spread.toFixed(1)
        } times as long in some of these runs as in others`,
        test,
      );
    }
  }
  const equivalence = testEquivalence(values, marginOf(metric, margin));
  const verdict = judge({ test, equivalence }, margin);
  return {
    controls,
    beside: sides,
    statement,
    rule,
    metric,
    verdict,
    reason: verdict === "inconclusive"
      ? `at this power: ${formatPower(test, metric)}`
      : test.p! < LEVEL && equivalence! < LEVEL
      ? "by the interval of the slope; it is not 0, but shown to be within the margin"
      : "by the interval of the slope and the margin",
    arms: chosen.map(({ arm }) => arm),
    test,
    equivalence,
  };
}

/** The smallest effect that so many seeds could have shown. */
function formatPower({ n, detectable }: MeanTest, metric: MetricName): string {
  return `${n} seeds show a slope of ${detectable!.toFixed(2)} ${
    metricUnits[metric]
  } or more four times in five`;
}

function isSame(some: readonly ArmRuns[], others: readonly ArmRuns[]): boolean {
  return some.length === others.length && some.every((a) => others.includes(a));
}

/** None where there are no runs, or no counts to take an accuracy from. */
function judgeSide(
  { what, metric, concerns }: SideTrend,
  arms: readonly ArmRuns[],
  terms: Terms,
): SideResult[] {
  const chosen = arms.filter(({ arm }) => concerns(arm));
  const slopes = seedSlopes(chosen, metric, terms);
  if (!isToAccuracy(metric)) {
    return slopes.length === 0
      ? []
      : [{ what, metric, test: testMean(slopes), left: 0 }];
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
