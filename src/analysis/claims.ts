import type { Arm } from "./seed_curves.ts";
import type { MetricName } from "./metric.ts";
import type { MeanTest } from "./paired_test.ts";
import { MOST_SPREAD } from "./uneven_load.ts";

/** How a claim stands. */
export type ClaimVerdict = "supported" | "contradicted" | "inconclusive";

/** The trend that decides a claim. */
export interface Trend {
  /** Slopes, one a seed, each the mean over the arms of that seed. */
  test: MeanTest;
  /** p of the test that the slope is within the margin on both sides. */
  equivalence: number | null;
}

/**
 * A trend that is shown with a claim and decides nothing; not where it is over
 * the same runs as the one that decides.
 */
export interface SideTrend {
  /** What of, in words. */
  what: string;
  /** What the trend is of. */
  metric: MetricName;
  /** Which arms it is over. */
  concerns(arm: Arm): boolean;
}

/** One of the paper's claims, with the rule that judges it. */
export interface Claim {
  /** As the paper has it, in short. */
  statement: string;
  /** The rule in words; `rulesNote` says since when. */
  rule: string;
  /** What the trend is of. */
  metric: MetricName;
  /** Those arms in words, to say what is missing. */
  needs: string;
  /** Which arms it is over. */
  concerns(arm: Arm): boolean;
  /** Shown with it where there are runs for it. */
  beside?: readonly SideTrend[];
  /** The verdict; a trend has an interval, so at least 2 seeds. */
  judge(trend: Trend, margin: number): ClaimVerdict;
}

/** Chance of a wrong verdict by one trend. */
export const LEVEL = 0.05;

/** Seeds below which nothing is decided: with 5 no exact test can reach .05. */
export const FEWEST_SEEDS = 6;

const isCopies = ({ standIn, mode, dedup }: Arm) =>
  standIn === "copies" && mode === "add" && dedup === "none";
const isEven = ({ policy }: Arm) =>
  policy === "uniform" || policy === "whole-copies";
const isEvenCopies = (arm: Arm) => isCopies(arm) && isEven(arm);
const isUneven = ({ policy }: Arm) =>
  policy === "class-biased" || policy === "single-class";
const isUnevenStandard = (arm: Arm) =>
  isCopies(arm) && isUneven(arm) && arm.training === "standard";
const isAdversarialSteps = (arm: Arm) =>
  isCopies(arm) && arm.training === "adversarial" && arm.budget === "steps";

/**
 * Whether a trend falls: supported by a fall; contradicted by a rise, or by
 * nothing worth naming.
 */
export function judgeFall({ test, equivalence }: Trend): ClaimVerdict {
  const [low, high] = test.interval!;
  if (high < 0) return "supported";
  if (low > 0 || equivalence! < LEVEL) return "contradicted";
  return "inconclusive";
}

/**
 * Whether a trend does not rise: contradicted by a rise; supported by less of
 * one than the margin.
 */
export function judgeNoRise(
  { test, equivalence }: Trend,
  margin: number,
): ClaimVerdict {
  const [low, high] = test.interval!;
  if (low > 0) return "contradicted";
  return high < margin || equivalence! < LEVEL ? "supported" : "inconclusive";
}

/** When the rules were written, for those who read a verdict. */
export const rulesNote =
  "by rules that were written before any result was seen, but for the condition of a busy machine in the first";

/**
 * The four claims of Aghabagherloo et al. 2025 (arXiv:2504.00638, abstract and
 * sec. V). A slope is the change for one duplicate per original, by least
 * squares over all ratios, one for each seed, and so is the margin; "above" and
 * "below" are of its 95 % interval over seeds, of
 * which there must be six.
 */
export const claims: readonly Claim[] = [
  {
    statement: "Duplicates make training less efficient",
    rule:
      `Trend of the time of an epoch, in per cent of ratio 0, with equal epochs, even duplication: supported if above 0; contradicted if below 0, or shown to be within 5 % of no change; otherwise inconclusive, as it is where an image took over ${MOST_SPREAD} times as long in some of the runs as in others, a tenth at each end left out, for the machine was unevenly busy then.`,
    needs:
      "copies added by an even policy (uniform, whole-copies), with equal epochs",
    metric: "epoch-time",
    concerns: (arm) => isEvenCopies(arm) && arm.budget === "epochs",
    beside: [
      {
        what: "time to accuracy with equal steps",
        metric: "time-to-accuracy",
        concerns: (arm) => isEvenCopies(arm) && arm.budget === "steps",
      },
      {
        // With equal epochs these are longer at larger ratios: no measure.
        what: "epochs to accuracy with equal steps",
        metric: "epochs-to-accuracy",
        concerns: (arm) => isEvenCopies(arm) && arm.budget === "steps",
      },
      {
        what: "time to accuracy with equal epochs",
        metric: "time-to-accuracy",
        concerns: (arm) => isEvenCopies(arm) && arm.budget === "epochs",
      },
    ],
    judge({ test, equivalence }) {
      const [low, high] = test.interval!;
      if (low > 0) return "supported";
      return high < 0 || equivalence! < LEVEL ? "contradicted" : "inconclusive";
    },
  },
  {
    statement: "Duplication that is uneven across classes lowers accuracy",
    rule:
      "Trend of clean accuracy with equal steps, standard training, uneven duplication (class-biased, single-class): supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.",
    needs:
      "copies added by an uneven policy (class-biased, single-class), with standard training and equal steps",
    metric: "clean",
    concerns: (arm) => isUnevenStandard(arm) && arm.budget === "steps",
    beside: [
      {
        what: "class-biased alone",
        metric: "clean",
        concerns: (arm) =>
          isUnevenStandard(arm) && arm.budget === "steps" &&
          arm.policy === "class-biased",
      },
      {
        what: "single-class alone",
        metric: "clean",
        concerns: (arm) =>
          isUnevenStandard(arm) && arm.budget === "steps" &&
          arm.policy === "single-class",
      },
      {
        what: "with equal epochs",
        metric: "clean",
        concerns: (arm) => isUnevenStandard(arm) && arm.budget === "epochs",
      },
    ],
    judge: judgeFall,
  },
  {
    statement:
      "Duplication, even or not, lowers the accuracy of an adversarially trained model",
    rule:
      "Trend of clean accuracy with equal steps, adversarial training, all policies together: supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.",
    needs:
      "copies added by any policy, with adversarial training and equal steps",
    metric: "clean",
    concerns: isAdversarialSteps,
    beside: [
      {
        what: "even duplication alone",
        metric: "clean",
        concerns: (arm) => isAdversarialSteps(arm) && isEven(arm),
      },
      {
        what: "uneven duplication alone",
        metric: "clean",
        concerns: (arm) => isAdversarialSteps(arm) && isUneven(arm),
      },
      {
        what: "accuracy under attack, all policies together",
        metric: "adversarial",
        concerns: isAdversarialSteps,
      },
      {
        what: "with equal epochs",
        metric: "clean",
        concerns: (arm) =>
          isCopies(arm) && arm.training === "adversarial" &&
          arm.budget === "epochs",
      },
    ],
    judge: judgeFall,
  },
  {
    statement:
      "With even duplication, more of it does not significantly improve accuracy",
    rule:
      "Trend of clean accuracy with equal epochs, as published, or else with equal steps; standard training, even duplication: contradicted if above 0; supported if shown to be less than the margin above 0; otherwise inconclusive.",
    needs:
      "copies added by an even policy (uniform, whole-copies), with standard training",
    metric: "clean",
    concerns: (arm) => isEvenCopies(arm) && arm.training === "standard",
    beside: [{
      what: "with equal steps",
      metric: "clean",
      concerns: (arm) =>
        isEvenCopies(arm) && arm.training === "standard" &&
        arm.budget === "steps",
    }],
    judge: judgeNoRise,
  },
];
