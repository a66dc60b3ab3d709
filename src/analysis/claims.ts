import type { MetricName } from "../spec/metrics.ts";
import { policiesAcrossClasses } from "../spec/policies.ts";
import { type Arm, hasPlainCopies } from "./arm.ts";
import { TIME_MARGIN } from "./trends.ts";

/** Verdict on a claim. */
export type ClaimVerdict = "supported" | "contradicted" | "inconclusive";

/** What is known of the trend that a claim is judged by. */
export interface Trend {
  /** Mean slope, in the unit of the metric. */
  mean: number;
  /** p of the test against 0, adjusted over the claims. */
  p: number;
  /** p of the bound in `Claim.bound`, adjusted over the claims. */
  boundP: number;
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
  /** Whose it is: p-values are adjusted over those of the same origin. */
  readonly origin: "paper" | "study";
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
  /**
   * What is tested where no effect is shown: that the slope is within the margin
   * on both sides, or that it is below the margin.
   */
  readonly bound: "within" | "below";
  /** The verdict. */
  judge(trend: Trend): ClaimVerdict;
}

/** Chance of a wrong verdict by one trend. */
export const LEVEL = 0.05;

/** Fewest seeds of a verdict: with 5 no exact test can reach .05. */
export const FEWEST_SEEDS = 6;

/**
 * Fewest seeds of a finding on a secondary question, which is no verdict: as many as
 * the protocol plans for secondary studies. Only a t test can reach .05 with them.
 */
export const FEWEST_SECONDARY_SEEDS = 4;

const evenPolicies = policiesAcrossClasses("even");
const unevenPolicies = policiesAcrossClasses("uneven");
const listEven = evenPolicies.join(", ");
const listUneven = unevenPolicies.join(", ");

const isEven = ({ policy }: Arm) =>
  evenPolicies.some((name) => name === policy);
const isUneven = ({ policy }: Arm) =>
  unevenPolicies.some((name) => name === policy);
/** Few images of all classes, many times each: neither even nor uneven. */
const isConcentrated = (arm: Arm) =>
  hasPlainCopies(arm) && arm.policy === "concentrated";
const isEvenCopies = (arm: Arm) => hasPlainCopies(arm) && isEven(arm);
const isEvenStandard = (arm: Arm) =>
  isEvenCopies(arm) && arm.training === "standard";
const isUnevenStandard = (arm: Arm) =>
  hasPlainCopies(arm) && isUneven(arm) && arm.training === "standard";
/** On PGD examples or on those of one step. */
const isAdversarial = ({ training }: Arm) => training !== "standard";
const isAdversarialSteps = (arm: Arm) =>
  hasPlainCopies(arm) && isAdversarial(arm) && arm.budget === "steps";

/**
 * Whether accuracy falls: supported by a fall; contradicted by a rise, or by a
 * slope that is shown to be within the margin.
 */
export function judgeFall({ mean, p, boundP }: Trend): ClaimVerdict {
  if (p < LEVEL) return mean < 0 ? "supported" : "contradicted";
  return boundP < LEVEL ? "contradicted" : "inconclusive";
}

/** Whether a cost rises: as `judgeFall`, the other way round. */
export function judgeRise(trend: Trend): ClaimVerdict {
  return judgeFall({ ...trend, mean: -trend.mean });
}

/**
 * Whether a trend does not rise: contradicted by a rise; supported where a rise
 * is shown to be below the margin.
 */
export function judgeNoRise({ mean, p, boundP }: Trend): ClaimVerdict {
  if (p < LEVEL && mean > 0) return "contradicted";
  return boundP < LEVEL ? "supported" : "inconclusive";
}

/** Where the rules come from, for those who read a verdict. */
export const rulesNote =
  "by the rules of docs/protocol.md, which were written before the study ran";

/**
 * The claims of Aghabagherloo et al. 2025 (arXiv:2504.00638, abstract and sec. V),
 * the third of which is about even and about uneven duplication, and is judged for
 * each. A slope is the change for an increase of the ratio by 1, by least squares
 * over all ratios, one per seed, and so is the margin. Accuracies are tested over
 * seeds and test images. All are judged with equal steps: with equal epochs, copies
 * are also more training. After them, what this project asks beyond the paper.
 */
export const claims: readonly Claim[] = [
  {
    origin: "paper",
    statement: "Duplicates make training less efficient",
    rule:
      `Trend of the images trained on until an accuracy is reached, in per cent of ratio 0, with equal steps and even duplication; the accuracy is the highest that all ratios of a seed reach. Supported if above 0; contradicted if below 0, or shown to be within ${TIME_MARGIN} % of no change; otherwise inconclusive. Images are counted, as times depend on the machine and its load.`,
    needs:
      `copies added by an even policy (${listEven}), with equal steps, standard training and evaluations between epochs (evaluateEvery)`,
    metric: "images-to-accuracy",
    concerns: (arm) => isEvenStandard(arm) && arm.budget === "steps",
    informational: [
      {
        label: "time per epoch with equal epochs",
        metric: "epoch-time",
        concerns: (arm) => isEvenStandard(arm) && arm.budget === "epochs",
      },
      {
        label: "time to accuracy with equal steps",
        metric: "time-to-accuracy",
        concerns: (arm) => isEvenStandard(arm) && arm.budget === "steps",
      },
      {
        label: "images to accuracy with equal epochs",
        metric: "images-to-accuracy",
        concerns: (arm) => isEvenStandard(arm) && arm.budget === "epochs",
      },
      {
        label: "time to accuracy with equal epochs",
        metric: "time-to-accuracy",
        concerns: (arm) => isEvenStandard(arm) && arm.budget === "epochs",
      },
    ],
    bound: "within",
    judge: judgeRise,
  },
  {
    origin: "paper",
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
    bound: "within",
    judge: judgeFall,
  },
  ...([
    ["even", listEven, isEven],
    ["uneven", listUneven, isUneven],
  ] as const).map(([spread, list, isOf]): Claim => {
    const concerns = (arm: Arm) => isAdversarialSteps(arm) && isOf(arm);
    return {
      origin: "paper",
      statement:
        `Duplication that is ${spread} across classes lowers the accuracy of an adversarially trained model`,
      rule:
        `Trend of clean accuracy with equal steps, adversarial training and ${spread} duplication (${list}). Supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive. The paper's claim is about even and uneven duplication: it is supported if both of its parts are.`,
      needs:
        `copies added by an ${spread} policy (${list}), with adversarial training and equal steps`,
      metric: "clean",
      concerns,
      informational: [
        { label: "worst-case accuracy", metric: "adversarial", concerns },
        {
          label: "with equal epochs",
          metric: "clean",
          concerns: (arm) =>
            hasPlainCopies(arm) && isAdversarial(arm) && isOf(arm) &&
            arm.budget === "epochs",
        },
      ],
      bound: "within",
      judge: judgeFall,
    };
  }),
  {
    origin: "paper",
    statement:
      "With even duplication, a higher ratio does not significantly improve accuracy",
    rule:
      "Trend of clean accuracy with equal steps, standard training and even duplication. Contradicted if above 0; supported if shown to be less than the margin above 0; otherwise inconclusive.",
    needs:
      `copies added by an even policy (${listEven}), with standard training and equal steps`,
    metric: "clean",
    concerns: (arm) => isEvenStandard(arm) && arm.budget === "steps",
    informational: [{
      label: "with equal epochs, as published",
      metric: "clean",
      concerns: (arm) =>
        isEvenCopies(arm) && arm.training === "standard" &&
        arm.budget === "epochs",
    }],
    bound: "below",
    judge: judgeNoRise,
  },
  {
    origin: "study",
    statement: "Many copies of few images lower accuracy",
    rule:
      "A question of this project, not a claim of the paper. Trend of clean accuracy with equal steps, standard training and concentrated duplication. Supported if below 0; contradicted if above 0, or shown to be within the margin of no change; otherwise inconclusive.",
    needs:
      "copies added by the policy concentrated, with standard training and equal steps",
    metric: "clean",
    concerns: (arm) =>
      isConcentrated(arm) && arm.training === "standard" &&
      arm.budget === "steps",
    informational: [
      {
        label: "with equal epochs",
        metric: "clean",
        concerns: (arm) =>
          isConcentrated(arm) && arm.training === "standard" &&
          arm.budget === "epochs",
      },
      {
        label: "with adversarial training",
        metric: "clean",
        concerns: (arm) => isConcentrated(arm) && isAdversarialSteps(arm),
      },
      {
        label: "worst-case accuracy with adversarial training",
        metric: "adversarial",
        concerns: (arm) => isConcentrated(arm) && isAdversarialSteps(arm),
      },
    ],
    bound: "within",
    judge: judgeFall,
  },
];

/** How a verdict follows from tests, in words. */
export const verdictsNote =
  `p-values are adjusted (Holm) over all claims of the paper, including those without runs, and separately over the other questions. Tests against 0 and tests of the margin are adjusted separately, so that the chance of any wrong test of either kind is at most 5 %. A verdict needs an adjusted p below ${LEVEL} and at least ${FEWEST_SEEDS} seeds, each of which ran all arms and ratios of the claim. If several networks, widths, set sizes or data sets ran with the same seeds, arms and ratios, the trend is the mean over all of them; those with fewer seeds than others, or with other arms, ratios or test images of the same data set, are left out and named. Detectable slopes are for unadjusted p-values.`;
