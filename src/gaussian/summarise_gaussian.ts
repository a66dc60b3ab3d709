import {
  type ClaimVerdict,
  FEWEST_SEEDS,
  judgeFall,
  judgeNoRise,
} from "../analysis/claims.ts";
import {
  type MeanTest,
  testEquivalence,
  testMean,
} from "../analysis/paired_test.ts";
import { testSignFlip } from "../analysis/sign_flip.ts";
import { slopeOf } from "../analysis/slope.ts";
import {
  gaussianPolicies,
  type GaussianPolicy,
  type GaussianStandIn,
  gaussianStandIns,
} from "./draw_copies.ts";
import type { GaussianResult, GaussianRun } from "./gaussian_result.ts";
import type { GaussianStudy } from "./gaussian_study.ts";

/** Whose accuracy: of one class, or the mean of both. */
export const accuracyClasses = ["-1", "+1", "both"] as const;

/** Whose accuracy. */
export type AccuracyClass = typeof accuracyClasses[number];

/** Which points the accuracy is on; `trained` counts every copy, as published. */
export const accuracySamples = ["heldOut", "original", "trained"] as const;

/** Which points. */
export type AccuracySample = typeof accuracySamples[number];

/** What became of one accuracy as duplicates, or fresh points, were added. */
export interface GaussianTrend {
  /** Which points are duplicated. */
  policy: GaussianPolicy;
  /** What is added. */
  standIn: GaussianStandIn;
  /** Which points the accuracy is on. */
  on: AccuracySample;
  /** Whose accuracy. */
  of: AccuracyClass;
  /** Counts added, ascending from 0. */
  copies: number[];
  /** Mean accuracy at each, in points, over seeds. */
  means: number[];
  /** Least and greatest accuracy at each, over seeds. */
  ranges: [least: number, greatest: number][];
  /** Slopes, one a seed: the change in points for one copy per original point. */
  slope: MeanTest;
  /** Paired differences of the largest count to none, in points. */
  difference: MeanTest;
  /** Sign-flip p of the differences; `null` for one seed. */
  signFlip: number | null;
}

/** One of the paper's claims, as far as the toy can tell. */
export interface GaussianVerdict {
  /** What is claimed. */
  statement: string;
  /** The rule that decides it. */
  rule: string;
  /** How it stands. */
  verdict: ClaimVerdict;
  /** Slopes of held-out accuracy, mean of both classes, one a seed. */
  slope: MeanTest;
  /** p of the test that the slope is within the margin on both sides. */
  equivalence: number;
  /**
   * The slope with copies less that with fresh points of the same classes: what
   * is due to repetition, rather than to a larger or otherwise mixed set.
   */
  beyondFresh: MeanTest;
}

/** What the toy study shows. */
export interface GaussianSummary {
  /** Change of accuracy that is worth naming, in points. */
  margin: number;
  /** Verdicts; empty with fewer than 2 seeds, which show no spread. */
  verdicts: GaussianVerdict[];
  /** Every policy, stand-in, sample and class. */
  trends: GaussianTrend[];
}

/**
 * Tests the toy study, with the seed as the unit and by the rules of
 * `analyse` for the same claims on images; fewer than six seeds decide nothing.
 *
 * @param margin In points, above 0.
 */
export function summariseGaussian(
  result: GaussianResult,
  margin = 1,
): GaussianSummary {
  const trends = gaussianPolicies.flatMap((policy) =>
    gaussianStandIns.flatMap((standIn) =>
      accuracySamples.flatMap((on) =>
        accuracyClasses.map((of) =>
          trendOf(result, { policy, standIn, on, of })
        )
      )
    )
  );
  return { margin, verdicts: verdictsOf(result, margin), trends };
}

/** Points of class -1 and of class +1. */
function pointsOf(
  { points, heldOut }: GaussianStudy,
  { added }: GaussianRun,
  on: AccuracySample,
): [number, number] {
  switch (on) {
    case "heldOut":
      return [heldOut, heldOut];
    case "original":
      return [points, points];
    case "trained":
      return [points + added[0], points + added[1]];
  }
}

type Arm = Pick<GaussianTrend, "policy" | "standIn" | "on" | "of">;

/** Points (count, accuracy in points) of each seed, counts ascending from 0. */
function curvesOf(
  { study, runs }: GaussianResult,
  { policy, standIn, on, of }: Arm,
): [copies: number, accuracy: number][][] {
  const accuracy = (run: GaussianRun) => {
    const [negative, positive] = run[on].map((right, i) =>
      100 * right / pointsOf(study, run, on)[i]!
    ) as [number, number];
    if (of === "both") return (negative + positive) / 2;
    return of === "-1" ? negative : positive;
  };
  return study.seeds.map((seed) =>
    runs.filter((run) =>
      run.seed === seed &&
      (run.policy === "none" ||
        (run.policy === policy && run.standIn === standIn))
    ).map((run): [number, number] => [
      run.added[0] + run.added[1],
      accuracy(run),
    ])
  );
}

function slopesOf(result: GaussianResult, arm: Arm): number[] {
  const originals = 2 * result.study.points;
  return curvesOf(result, arm).map((curve) =>
    slopeOf(curve.map(([copies, accuracy]) => [copies / originals, accuracy]))
  );
}

function trendOf(result: GaussianResult, arm: Arm): GaussianTrend {
  const curves = curvesOf(result, arm);
  const copies = curves[0]!.map(([n]) => n);
  const differences = curves.map((curve) => curve.at(-1)![1] - curve[0]![1]);
  return {
    ...arm,
    copies,
    means: copies.map((_, i) =>
      curves.reduce((sum, curve) => sum + curve[i]![1], 0) / curves.length
    ),
    ranges: copies.map((_, i) => {
      const values = curves.map((curve) => curve[i]![1]);
      return [Math.min(...values), Math.max(...values)];
    }),
    slope: testMean(slopesOf(result, arm)),
    difference: testMean(differences),
    signFlip: differences.length > 1 ? testSignFlip(differences) : null,
  };
}

const questions = [
  {
    policy: "biased",
    judge: judgeFall,
    statement: "Biased duplicates lower accuracy",
    rule:
      "Trend of held-out accuracy, mean of both classes: supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.",
  },
  {
    policy: "balanced",
    judge: judgeNoRise,
    statement: "More balanced duplicates do not significantly improve accuracy",
    rule:
      "The same trend: contradicted if above 0; supported if shown to be less than the margin above 0; otherwise inconclusive.",
  },
] as const;

function verdictsOf(
  result: GaussianResult,
  margin: number,
): GaussianVerdict[] {
  if (result.study.seeds.length < 2) return [];
  return questions.map(({ policy, judge, statement, rule }) => {
    const slopes = (standIn: GaussianStandIn) =>
      slopesOf(result, { policy, standIn, on: "heldOut", of: "both" });
    const values = slopes("copies");
    const control = slopes("fresh");
    const slope = testMean(values);
    const equivalence = testEquivalence(values, margin)!;
    return {
      statement,
      rule,
      verdict: slope.n < FEWEST_SEEDS
        ? "inconclusive"
        : judge({ test: slope, equivalenceP: equivalence }, margin),
      slope,
      equivalence,
      beyondFresh: testMean(values.map((v, i) => v - control[i]!)),
    };
  });
}
