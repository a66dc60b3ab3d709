import type { MetricName } from "../spec/metrics.ts";
import { policiesAcrossClasses } from "../spec/policies.ts";
import { type Arm, hasPlainCopies } from "./arm.ts";
import type { MeanTest } from "./paired_test.ts";
import { TIME_MARGIN } from "./trends.ts";
import { MOST_SPREAD } from "./uneven_load.ts";

/** Verdict on a claim. */
export type ClaimVerdict = "supported" | "contradicted" | "inconclusive";

/** The trend that a claim is judged by. */
export interface Trend {
  /** Slopes, one per seed, each the mean over the arms of that seed. */
  test: MeanTest;
  /** p of the test that the slope is within the margin on both sides. */
  equivalenceP: number | null;
}

/**
 * A trend that is shown with a claim and is not part of the verdict; left out
 * where it is over the same runs as the trend that is judged.
 */
export interface InformationalRule {
  /** Which trend, in words. */
  label: string;
  /** Metric of the trend. */
  metric: MetricName;
  /** Which arms it is over. */
  concerns(arm: Arm): boolean;
}

/** One of the paper's claims, with the rule that judges it. */
export interface Claim {
  /** The paper's claim, in short. */
  statement: string;
  /** The rule in words; `rulesNote` says when the rules were written. */
  rule: string;
  /** Metric whose trend is judged. */
  metric: MetricName;
  /** The arms it needs, in words, to say what is missing. */
  needs: string;
  /** Which arms it is over. */
  concerns(arm: Arm): boolean;
  /** Trends shown with it for information, where there are runs for them. */
  informational?: readonly InformationalRule[];
  /** The verdict; a trend has an interval, so at least 2 seeds. */
  judge(trend: Trend, margin: number): ClaimVerdict;
}

/** Chance of a wrong verdict by one trend. */
export const LEVEL = 0.05;

/** Fewest seeds of a verdict: with 5 no exact test can reach .05. */
export const FEWEST_SEEDS = 6;

const evenPolicies = policiesAcrossClasses("even");
const unevenPolicies = policiesAcrossClasses("uneven");
const listEven = evenPolicies.join(", ");
const listUneven = unevenPolicies.join(", ");

const isEven = ({ policy }: Arm) =>
  evenPolicies.some((name) => name === policy);
const isUneven = ({ policy }: Arm) =>
  unevenPolicies.some((name) => name === policy);
const isEvenCopies = (arm: Arm) => hasPlainCopies(arm) && isEven(arm);
const isUnevenStandard = (arm: Arm) =>
  hasPlainCopies(arm) && isUneven(arm) && arm.training === "standard";
const isAdversarialSteps = (arm: Arm) =>
  hasPlainCopies(arm) && arm.training === "adversarial" &&
  arm.budget === "steps";

/**
 * Whether accuracy falls: supported by a fall; contradicted by a rise, or by a
 * slope that is shown to be within the margin.
 */
export function judgeFall({ test, equivalenceP }: Trend): ClaimVerdict {
  const [low, high] = test.interval!;
  if (high < 0) return "supported";
  if (low > 0 || equivalenceP! < LEVEL) return "contradicted";
  return "inconclusive";
}

/**
 * Whether a trend does not rise: contradicted by a rise; supported where a rise
 * is shown to be below the margin.
 */
export function judgeNoRise(
  { test, equivalenceP }: Trend,
  margin: number,
): ClaimVerdict {
  const [low, high] = test.interval!;
  if (low > 0) return "contradicted";
  return high < margin || equivalenceP! < LEVEL ? "supported" : "inconclusive";
}

/** When the rules were written, for those who read a verdict. */
export const rulesNote =
  "by rules that were written before any result was seen, except for the condition on the load of the machine in the first";

/**
 * The four claims of Aghabagherloo et al. 2025 (arXiv:2504.00638, abstract and
 * sec. V). A slope is the change for an increase of the ratio by 1, by least
 * squares over all ratios, one per seed, and so is the margin; "above" and "below" refer
 * to the slope's 95 % interval over seeds, of which there must be at least six.
 */
export const claims: readonly Claim[] = [
  {
    statement: "Duplicates make training less efficient",
    rule:
      `Trend of the time per epoch, in per cent of ratio 0, with equal epochs and even duplication. Supported if above 0; contradicted if below 0, or shown to be within ${TIME_MARGIN} % of no change; otherwise inconclusive. Also inconclusive if the load of the machine was uneven: if the time per image differs by a factor of more than ${MOST_SPREAD} between runs, the fastest and the slowest tenth left out.`,
    needs: `copies added by an even policy (${listEven}), with equal epochs`,
    metric: "epoch-time",
    concerns: (arm) => isEvenCopies(arm) && arm.budget === "epochs",
    informational: [
      {
        label: "time to accuracy with equal steps",
        metric: "time-to-accuracy",
        concerns: (arm) => isEvenCopies(arm) && arm.budget === "steps",
      },
      {
        // With equal epochs these are longer at larger ratios: no measure.
        label: "epochs to accuracy with equal steps",
        metric: "epochs-to-accuracy",
        concerns: (arm) => isEvenCopies(arm) && arm.budget === "steps",
      },
      {
        label: "time to accuracy with equal epochs",
        metric: "time-to-accuracy",
        concerns: (arm) => isEvenCopies(arm) && arm.budget === "epochs",
      },
    ],
    judge({ test, equivalenceP }) {
      const [low, high] = test.interval!;
      if (low > 0) return "supported";
      return high < 0 || equivalenceP! < LEVEL
        ? "contradicted"
        : "inconclusive";
    },
  },
  {
    statement: "Duplication that is uneven across classes lowers accuracy",
    rule:
      `Trend of clean accuracy with equal steps, standard training and uneven duplication (${listUneven}). Supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.`,
    needs:
      `copies added by an uneven policy (${listUneven}), with standard training and equal steps`,
    metric: "clean",
    concerns: (arm) => isUnevenStandard(arm) && arm.budget === "steps",
    informational: [
      ...unevenPolicies.map((policy): InformationalRule => ({
        label: `${policy} only`,
        metric: "clean",
        concerns: (arm) =>
          isUnevenStandard(arm) && arm.budget === "steps" &&
          arm.policy === policy,
      })),
      {
        label: "with equal epochs",
        metric: "clean",
        concerns: (arm) => isUnevenStandard(arm) && arm.budget === "epochs",
      },
    ],
    judge: judgeFall,
  },
  {
    statement:
      "Duplication, whether even or uneven, lowers the accuracy of an adversarially trained model",
    rule:
      "Trend of clean accuracy with equal steps and adversarial training, all policies together. Supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.",
    needs:
      "copies added by any policy, with adversarial training and equal steps",
    metric: "clean",
    concerns: isAdversarialSteps,
    informational: [
      {
        label: "even duplication only",
        metric: "clean",
        concerns: (arm) => isAdversarialSteps(arm) && isEven(arm),
      },
      {
        label: "uneven duplication only",
        metric: "clean",
        concerns: (arm) => isAdversarialSteps(arm) && isUneven(arm),
      },
      {
        label: "worst-case accuracy, all policies together",
        metric: "adversarial",
        concerns: isAdversarialSteps,
      },
      {
        label: "with equal epochs",
        metric: "clean",
        concerns: (arm) =>
          hasPlainCopies(arm) && arm.training === "adversarial" &&
          arm.budget === "epochs",
      },
    ],
    judge: judgeFall,
  },
  {
    statement:
      "With even duplication, a higher ratio does not significantly improve accuracy",
    rule:
      "Trend of clean accuracy with standard training and even duplication; with equal epochs, as published, or else with equal steps. Contradicted if above 0; supported if shown to be less than the margin above 0; otherwise inconclusive.",
    needs:
      `copies added by an even policy (${listEven}), with standard training`,
    metric: "clean",
    concerns: (arm) => isEvenCopies(arm) && arm.training === "standard",
    informational: [{
      label: "with equal steps",
      metric: "clean",
      concerns: (arm) =>
        isEvenCopies(arm) && arm.training === "standard" &&
        arm.budget === "steps",
    }],
    judge: judgeNoRise,
  },
];
