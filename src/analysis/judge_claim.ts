import { countOf } from "../core/count_of.ts";
import { type MetricName, metricOf } from "../spec/metrics.ts";
import { canonicalJson } from "../core/digest.ts";
import { type Arm, armCoordinates } from "./arm.ts";
import { countAtChance, describeChance } from "./chance.ts";
import {
  type Claim,
  type ClaimVerdict,
  FEWEST_SEEDS,
  type InformationalRule,
  LEVEL,
} from "./claims.ts";
import { compareControls, type ControlContrast } from "./controls.ts";
import type { CrossedTest } from "./crossed_test.ts";
import {
  type EffectTest,
  inferenceOf,
  meanEffect,
  slopeEffect,
  type ZeroTest,
} from "./effect.ts";
import { attackedImagesOf } from "../results/attacked_images.ts";
import { type ArmRuns, countedImagesOf, imageSourceOf } from "./group_arms.ts";
import { adjustHolm } from "./holm.ts";
import { needsAccuracy } from "./metric.ts";
import { type MeanTest, seedError, testBelow } from "./paired_test.ts";
import { describeOmitted, describeProtocols } from "./describe_protocols.ts";
import { slopeOf } from "./slope.ts";
import { timesToAccuracy } from "./times_to_accuracy.ts";
import {
  type AnalysisSettings,
  marginOf,
  meanBySeed,
  scaledCurves,
  testCurvature,
  testMetric,
} from "./trends.ts";

/** Whether these result sets support a claim of the paper. */
export interface ClaimResult {
  /** The paper's claim, in short. */
  statement: string;
  /** The rule that gives the verdict. */
  rule: string;
  /** Metric whose trend is judged. */
  metric: MetricName;
  /** Whose claim it is: p-values are adjusted over those of the same origin. */
  origin: "paper" | "study";
  /** The verdict. */
  verdict: ClaimVerdict;
  /** What the verdict rests on, or why there is none, in one sentence. */
  reason: string;
  /** Arms that the trend is over; equal where only protocols differ. */
  arms: Arm[];
  /** What the trend is the mean over besides arms, such as "2 widths: 0.5, 1". */
  averagedOver: string[];
  /** Arms that are left out, as their protocols ran with other seeds, arms, ratios or test images. */
  omitted: string[];
  /** Slopes, one per seed; `null` where no arm was run. */
  test: MeanTest | null;
  /** The mean slope over seeds and test images; `null` where it is no accuracy. */
  crossed: CrossedTest | null;
  /** p against 0, of the wider of both; `null` for fewer than 2 seeds. */
  p: number | null;
  /** The same adjusted over the claims; `null` where there is no verdict. */
  holmP: number | null;
  /** p of the claim's bound by the margin. */
  boundP: number | null;
  /** The same adjusted over the claims; `null` where there is no verdict. */
  boundHolmP: number | null;
  /** Departure from a straight line, as of an `ArmTrend`. */
  curvature: ZeroTest | null;
  /** Seeds left out because they lack a ratio or an arm, or the metric. */
  seedsLeftOut: number;
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
  /** The mean slope over seeds and test images; `null` where it is no accuracy. */
  crossed: CrossedTest | null;
  /** Seeds left out because they lack a ratio or an arm, or the metric. */
  seedsLeftOut: number;
}

/**
 * Judges claims by the mean slope of each seed over the arms that a claim is
 * about. The p-values of all claims of one origin are adjusted together (Holm
 * 1979), those against 0 and those of the bounds each. A claim without a verdict
 * counts with p = 1, so that no verdict depends on which claims have runs in the
 * same analysis.
 *
 * @param settings Margin and accuracy of the analysis.
 */
export function judgeClaims(
  claims: readonly Claim[],
  arms: readonly ArmRuns[],
  settings: AnalysisSettings,
): ClaimResult[] {
  const found = claims.map((claim) => measureClaim(claim, arms, settings));
  const adjust = (read: (result: ClaimResult) => number | null) => {
    const adjusted = new Map<ClaimResult, number>();
    for (const of of Map.groupBy(found, ({ claim }) => claim.origin).values()) {
      const ps = of.map(({ result, reason }) =>
        reason === null ? read(result)! : 1
      );
      adjustHolm(ps).forEach((p, i) => adjusted.set(of[i]!.result, p));
    }
    return adjusted;
  };
  const holm = adjust(({ p }) => p);
  const bounds = adjust(({ boundP }) => boundP);
  return found.map(({ claim, result, reason }) => {
    if (reason !== null) return { ...result, reason };
    const [holmP, boundHolmP] = [holm.get(result)!, bounds.get(result)!];
    const verdict = claim.judge({
      mean: result.test!.mean,
      p: holmP,
      boundP: boundHolmP,
    });
    return {
      ...result,
      holmP,
      boundHolmP,
      verdict,
      reason: describeGrounds(claim, { ...result, holmP, boundHolmP, verdict }),
    };
  });
}

const BY_MARGIN = "by the test of the margin";

/** Whether a verdict rests on the test of the margin, not on that against 0. */
export function isByMargin({ reason }: ClaimResult): boolean {
  return reason === BY_MARGIN;
}

/** Which of the two tests a verdict rests on, as a clause. */
function describeGrounds(
  { judge, bound, metric }: Claim,
  result: ClaimResult & { holmP: number; boundHolmP: number },
): string {
  const { verdict, test, holmP, boundHolmP } = result;
  const isEffect = holmP < LEVEL;
  if (verdict === "inconclusive") {
    // Where a fall is no verdict by itself, and the margin is adjusted more.
    const open = isEffect
      ? "the slope is shown to differ from 0, but not by the test of the margin, which decides in this direction"
      : "neither an effect nor its absence is shown";
    return `${open}; ${describePower(result, metric)}`;
  }
  const isByZero = judge({ mean: test!.mean, p: holmP, boundP: 1 }) === verdict;
  if (!isByZero) return BY_MARGIN;
  return boundHolmP >= LEVEL
    ? "by the test against 0"
    : `by the test against 0, although the slope is shown to be ${
      bound === "within" ? "within" : "below"
    } the margin`;
}

/** A claim's tests, and why there is no verdict; `null`: there may be one. */
function measureClaim(
  claim: Claim,
  arms: readonly ArmRuns[],
  settings: AnalysisSettings,
): { claim: Claim; result: ClaimResult; reason: string | null } {
  const { statement, rule, needs, metric, concerns, informational = [] } =
    claim;
  const { chosen, omitted } = chooseProtocols(
    arms.filter(({ arm }) => concerns(arm)),
    metric,
  );
  const effect = testArms(chosen, metric, settings);
  const bound = effect && boundOf(claim, effect.tested, settings.margin);
  const result: ClaimResult = {
    statement,
    rule,
    metric,
    origin: claim.origin,
    verdict: "inconclusive",
    reason: "",
    arms: chosen.map(({ arm }) => arm),
    averagedOver: describeProtocols(chosen),
    omitted: describeOmitted(omitted),
    test: effect?.tested.test ?? null,
    crossed: effect?.tested.crossed ?? null,
    p: effect ? inferenceOf(effect.tested).p : null,
    holmP: null,
    boundP: bound,
    boundHolmP: null,
    curvature: effect &&
      testCurvature(
        completeArms(chosen),
        metric,
        settings.accuracy,
      ),
    seedsLeftOut: effect?.seedsLeftOut ?? 0,
    controls: compareControls(chosen, arms, { metric, ...settings }),
    informational: informational
      .filter((one) =>
        one.metric !== metric ||
        !isSame(
          chosen,
          chooseProtocols(
            arms.filter(({ arm }) => one.concerns(arm)),
            one.metric,
          ).chosen,
        )
      )
      .flatMap((one) => measureInformational(one, arms, settings)),
  };
  return { claim, result, reason: whyOpen(chosen, result, needs) };
}

const AT_CHANCE = "at ratio 0, ";

/** Whether a claim has no verdict because networks at ratio 0 are at chance. */
export function isAtChance({ holmP, reason }: ClaimResult): boolean {
  return holmP === null && reason.startsWith(AT_CHANCE);
}

/** Whether any runs are about a claim; without them, its reason says so. */
export function hasData({ test }: ClaimResult): boolean {
  return test !== null;
}

/** Why a claim has no verdict, as a clause; `null` where it may have one. */
function whyOpen(
  chosen: readonly ArmRuns[],
  result: ClaimResult,
  needs: string,
): string | null {
  const { test, metric } = result;
  if (test === null) {
    return `no data: the claim needs runs at ratio 0 and above with ${needs}`;
  }
  const chance = countAtChance(
    chosen.flatMap(({ seeds }) =>
      [...seeds.values()].flatMap((cells) => cells.get(0) ?? [])
    ),
  );
  if (chance.atChance > 0) return `${AT_CHANCE}${describeChance(chance)}`;
  if (test.interval === null) {
    return "one seed gives no variance, so there is no test";
  }
  if (test.n < FEWEST_SEEDS) {
    const left = result.seedsLeftOut;
    return `a verdict needs at least ${FEWEST_SEEDS} seeds${
      left === 0
        ? ""
        : `, and ${
          countOf(left, "seed lacks", "seeds lack")
        } an arm, a ratio or the metric`
    }; ${describePower(result, metric)}`;
  }
  return null;
}

/**
 * Of the arms, those of the protocols (network, training, set size and so on) that
 * ran with the most complete seeds, then the most arms, ratios and test images, and
 * with the same seeds, arms and ratios: other cells would change what the mean is
 * over. Of one data set they have the same test images, as others could overlap.
 */
function chooseProtocols(
  arms: readonly ArmRuns[],
  metric: MetricName,
): { chosen: ArmRuns[]; omitted: ArmRuns[] } {
  const groups = [...Map.groupBy(arms, ({ protocol }) => protocol).values()]
    .map((of) => {
      const [cells] = of[0]!.seeds.values();
      const { config, outcome } = cells!.get(0)!;
      return {
        of,
        size: [
          completeSeeds(of).length,
          of.length,
          of.reduce((sum, runs) => sum + ratiosOf(runs).length, 0),
          outcome.test!.rows,
          attackedImagesOf(outcome.test!).rows,
        ],
        design: designOf(of),
        source: imageSourceOf(config),
        images: countedImagesOf(of[0]!.images, config, metric),
      };
    });
  const sorted = groups.toSorted((a, b) =>
    a.size.map((size, i) => b.size[i]! - size).find((less) => less !== 0) ??
      (a.design < b.design ? -1 : Number(a.design > b.design))
  );
  const images = new Map<string, string>();
  const [first] = sorted;
  const isChosen = new Map(sorted.map(({ of, design, source, images: own }) => {
    const fits = design === first!.design &&
      (images.get(source) ?? own) === own;
    if (fits) images.set(source, own);
    return [of, fits];
  }));
  return {
    chosen: groups.filter(({ of }) => isChosen.get(of)).flatMap(({ of }) => of),
    omitted: groups.filter(({ of }) => !isChosen.get(of))
      .flatMap(({ of }) => of),
  };
}

/** What the arms of two protocols have in common where one mean is over both. */
function designOf(arms: readonly ArmRuns[]): string {
  const duplication = armCoordinates.filter(({ role }) =>
    role === "duplication"
  );
  return canonicalJson([
    completeSeeds(arms).sort((a, b) => a - b),
    arms.map((runs) =>
      canonicalJson([
        duplication.map(({ key }) => runs.arm[key]),
        runs.variant,
        ratiosOf(runs),
      ])
    ).sort(),
  ]);
}

/** Ratios that some seed ran, ascending. */
function ratiosOf({ seeds }: ArmRuns): number[] {
  return [
    ...new Set([...seeds.values()].flatMap((cells) => [...cells.keys()])),
  ].sort((a, b) => a - b);
}

/** Seeds that ran every ratio of every arm. */
function completeSeeds(arms: readonly ArmRuns[]): number[] {
  const all = new Set(arms.flatMap(({ seeds }) => [...seeds.keys()]));
  const ratios = arms.map((runs) => ratiosOf(runs).length);
  return [...all].filter((seed) =>
    arms.every(({ seeds }, i) => seeds.get(seed)?.size === ratios[i])
  );
}

/** The runs of the seeds that ran every ratio of every arm. */
function completeArms(arms: readonly ArmRuns[]): ArmRuns[] {
  const seeds = completeSeeds(arms);
  return arms.map((runs) => ({
    ...runs,
    seeds: new Map([...runs.seeds].filter(([seed]) => seeds.includes(seed))),
  }));
}

/** The mean slope of arms, over the seeds that ran all of them. */
function testArms(
  arms: readonly ArmRuns[],
  metric: MetricName,
  { accuracy, margin }: AnalysisSettings,
): { tested: EffectTest; seedsLeftOut: number } | null {
  const complete = completeArms(arms);
  const tested = testMetric(metric, margin, {
    effect: () => meanEffect(complete.map((runs) => slopeEffect(runs))),
    values: () =>
      meanBySeed(complete.map((runs) => {
        const curves = scaledCurves(runs, metric, accuracy);
        return new Map(
          [...curves].map(([seed, points]) => [seed, slopeOf(points)]),
        );
      })),
  });
  const all = new Set(
    arms.flatMap(({ seeds, unpaired, absent }) => [
      ...seeds.keys(),
      ...unpaired,
      ...absent,
    ]),
  );
  return tested && { tested, seedsLeftOut: all.size - tested.test.n };
}

/** The p of a claim's bound. */
function boundOf(
  { metric, bound }: Claim,
  { test, crossed, equivalenceP }: EffectTest,
  margin: number,
): number | null {
  if (bound === "within" || equivalenceP === null) return equivalenceP;
  const limit = marginOf(metric, margin);
  return Math.max(
    testBelow(seedError(test), limit),
    crossed ? testBelow(crossed, limit) : 0,
  );
}

/** The smallest slope that so many seeds show in four cases of five. */
export function describePower(
  { test, crossed }: Pick<ClaimResult, "test" | "crossed">,
  metric: MetricName,
): string {
  const { detectable } = inferenceOf({ test: test!, crossed });
  return `with ${test!.n} seeds, 80 % power needs a slope of ${
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
  const { chosen } = chooseProtocols(
    arms.filter(({ arm }) => concerns(arm)),
    metric,
  );
  const effect = testArms(chosen, metric, settings);
  const counted = new Set(
    chosen.flatMap(({ seeds }) =>
      [...seeds].filter(([, cells]) =>
        timesToAccuracy([...cells.values()]) !== null
      ).map(([seed]) => seed)
    ),
  );
  if (effect === null && !(needsAccuracy(metric) && counted.size > 0)) {
    return [];
  }
  return [{
    label,
    metric,
    test: effect?.tested.test ?? null,
    crossed: effect?.tested.crossed ?? null,
    seedsLeftOut: effect?.seedsLeftOut ?? counted.size,
  }];
}
