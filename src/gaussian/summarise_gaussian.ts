import { largest, smallest } from "../core/extremes.ts";
import { formatP } from "../core/format_p.ts";
import {
  type ClaimVerdict,
  FEWEST_SEEDS,
  judgeFall,
  judgeNoRise,
  LEVEL,
} from "../analysis/claims.ts";
import {
  type MeanTest,
  seedError,
  testBelow,
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

/** Classes whose accuracy is measured: one, or the mean of both. */
export const accuracyClasses = ["-1", "+1", "both"] as const;

/** Classes whose accuracy is measured. */
export type AccuracyClasses = typeof accuracyClasses[number];

/** Points on which accuracy is measured; `trained` counts every copy, as published. */
export const accuracySamples = ["heldOut", "original", "trained"] as const;

/** Points on which accuracy is measured. */
export type AccuracySample = typeof accuracySamples[number];

/** How one accuracy changes as copies, or fresh points, are added. */
export interface GaussianTrend {
  /** Which points are copied. */
  policy: GaussianPolicy;
  /** What is added. */
  standIn: GaussianStandIn;
  /** Points on which accuracy is measured. */
  sample: AccuracySample;
  /** Classes whose accuracy is measured. */
  classes: AccuracyClasses;
  /** Numbers of added points, ascending from 0. */
  added: number[];
  /** Mean accuracy at each, in points, over seeds. */
  means: number[];
  /** Least and greatest accuracy at each, over seeds. */
  ranges: [least: number, greatest: number][];
  /** Slopes, one per seed: the change in points per copy per original point. */
  slope: MeanTest;
  /** Paired differences of the largest number of points to none, in points. */
  difference: MeanTest;
  /** Sign-flip p-value of the differences; `null` for one seed. */
  signFlipP: number | null;
}

/** One of the paper's claims, as far as the toy experiment can test it. */
export interface GaussianVerdict {
  /** What is claimed. */
  statement: string;
  /** The rule that decides it. */
  rule: string;
  /** The verdict. */
  verdict: ClaimVerdict;
  /** Slopes of held-out accuracy, mean of both classes, one per seed. */
  slope: MeanTest;
  /** p-value of the test that the slope is within the margin on both sides. */
  equivalenceP: number;
  /**
   * What is tested where no effect is shown: that the slope is within the margin on
   * both sides, or that it is below the margin.
   */
  bound: "within" | "below";
  /** p-value of that test. */
  boundP: number;
  /** What the verdict rests on, or why there is none, as a clause. */
  reason: string;
  /**
   * The slope with copies minus that with fresh points of the same classes: what
   * is due to repetition, rather than to a larger or differently balanced set.
   */
  copiesMinusFresh: MeanTest;
}

/** What the toy experiment shows. */
export interface GaussianSummary {
  /** Smallest change of accuracy that matters, in points. */
  margin: number;
  /** Verdicts; empty with fewer than 2 seeds, which have no spread. */
  verdicts: GaussianVerdict[];
  /** One per policy, stand-in, sample and classes. */
  trends: GaussianTrend[];
}

/**
 * Tests the toy experiment, with the seed as the unit and by the rules of
 * `analyse` for the same claims on images; with fewer than six seeds every verdict
 * is inconclusive.
 *
 * @param margin In points, above 0.
 */
export function summariseGaussian(
  result: GaussianResult,
  margin = 1,
): GaussianSummary {
  const trends = gaussianPolicies.flatMap((policy) =>
    gaussianStandIns.flatMap((standIn) =>
      accuracySamples.flatMap((sample) =>
        accuracyClasses.map((classes) =>
          trendOf(result, { policy, standIn, sample, classes })
        )
      )
    )
  );
  return { margin, verdicts: verdictsOf(result, margin), trends };
}

/** Numbers of points of class -1 and of class +1. */
function countPoints(
  { points, heldOut }: GaussianStudy,
  { added }: GaussianRun,
  sample: AccuracySample,
): [number, number] {
  switch (sample) {
    case "heldOut":
      return [heldOut, heldOut];
    case "original":
      return [points, points];
    case "trained":
      return [points + added[0], points + added[1]];
  }
}

type GaussianArm = Pick<
  GaussianTrend,
  "policy" | "standIn" | "sample" | "classes"
>;

/** Pairs (added points, accuracy in points) of each seed, ascending from 0. */
function curvesOf(
  { study, runs }: GaussianResult,
  { policy, standIn, sample, classes }: GaussianArm,
): [added: number, accuracy: number][][] {
  const accuracy = (run: GaussianRun) => {
    const [negative, positive] = run[sample].map((right, i) =>
      100 * right / countPoints(study, run, sample)[i]!
    ) as [number, number];
    if (classes === "both") return (negative + positive) / 2;
    return classes === "-1" ? negative : positive;
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

function slopesOf(result: GaussianResult, arm: GaussianArm): number[] {
  const originals = 2 * result.study.points;
  return curvesOf(result, arm).map((curve) =>
    slopeOf(curve.map(([added, accuracy]) => [added / originals, accuracy]))
  );
}

function trendOf(result: GaussianResult, arm: GaussianArm): GaussianTrend {
  const curves = curvesOf(result, arm);
  const added = curves[0]!.map(([n]) => n);
  const differences = curves.map((curve) => curve.at(-1)![1] - curve[0]![1]);
  return {
    ...arm,
    added,
    means: added.map((_, i) =>
      curves.reduce((sum, curve) => sum + curve[i]![1], 0) / curves.length
    ),
    ranges: added.map((_, i) => {
      const values = curves.map((curve) => curve[i]![1]);
      return [smallest(values), largest(values)];
    }),
    slope: testMean(slopesOf(result, arm)),
    difference: testMean(differences),
    signFlipP: differences.length > 1 ? testSignFlip(differences) : null,
  };
}

const questions = [
  {
    policy: "biased",
    judge: judgeFall,
    bound: "within",
    statement: "Class-biased copies lower accuracy",
    rule:
      "Slope of held-out accuracy, mean of both classes: supported if it is below 0; contradicted if it is above 0 or shown to be within the margin; otherwise inconclusive.",
  },
  {
    policy: "balanced",
    judge: judgeNoRise,
    bound: "below",
    statement: "More uniform copies do not significantly improve accuracy",
    rule:
      "The same slope: contradicted if it is above 0; supported if it is shown to be less than the margin above 0; otherwise inconclusive.",
  },
] as const;

function verdictsOf(
  result: GaussianResult,
  margin: number,
): GaussianVerdict[] {
  if (result.study.seeds.length < 2) return [];
  return questions.map(({ policy, judge, bound, statement, rule }) => {
    const slopes = (standIn: GaussianStandIn) =>
      slopesOf(result, {
        policy,
        standIn,
        sample: "heldOut",
        classes: "both",
      });
    const values = slopes("copies");
    const control = slopes("fresh");
    const slope = testMean(values);
    const equivalenceP = testEquivalence(values, margin)!;
    const boundP = bound === "below"
      ? testBelow(seedError(slope), margin)
      : equivalenceP;
    const { mean, n } = slope;
    const p = slope.p!;
    const verdict = n < FEWEST_SEEDS
      ? "inconclusive"
      : judge({ mean, p, boundP });
    return {
      statement,
      rule,
      verdict,
      reason: n < FEWEST_SEEDS
        ? `a verdict needs at least ${FEWEST_SEEDS} seeds`
        : describeGrounds({
          verdict,
          // What it would be without the test of the margin.
          byZero: judge({ mean, p, boundP: 1 }),
          p,
          bound,
          boundP,
        }),
      slope,
      equivalenceP,
      bound,
      boundP,
      copiesMinusFresh: testMean(values.map((v, i) => v - control[i]!)),
    };
  });
}

/** Which of the two tests a verdict rests on, with the p of that test. */
function describeGrounds(
  { verdict, byZero, p, bound, boundP }: {
    verdict: ClaimVerdict;
    byZero: ClaimVerdict;
    p: number;
  } & Pick<GaussianVerdict, "bound" | "boundP">,
): string {
  const zero = `the test against 0, p ${formatP(p)}`;
  const margin = `the test that the slope is ${bound} the margin, p ${
    formatP(boundP)
  }`;
  if (verdict === "inconclusive") {
    return `neither an effect nor its absence is shown, by ${zero}, and ${margin}`;
  }
  if (byZero !== verdict) return `by ${margin}`;
  return boundP < LEVEL
    ? `by ${zero}; the slope is also shown to be ${bound} the margin, p ${
      formatP(boundP)
    }`
    : `by ${zero}`;
}
