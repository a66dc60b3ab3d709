import { capitalise } from "../core/capitalise.ts";
import { FEWEST_SEEDS, LEVEL } from "../analysis/claims.ts";
import type { ControlContrast, ControlName } from "../analysis/controls.ts";
import { TIME_MARGIN } from "../analysis/trends.ts";
import { inferenceOf } from "../analysis/effect.ts";
import type { ClaimResult } from "../analysis/judge_claim.ts";

/** The finding of an analysis, in the sentences that a page begins with. */
export interface Finding {
  /** The main one. */
  readonly headline: string;
  /** Others, each a sentence. */
  readonly further: readonly string[];
}

/** How copies of a claim are spread, as a sentence begins. */
type Subject =
  | "Copies that are uneven across classes"
  | "Even copies"
  | "Many copies of few images";

/** What claims of one subject are called, by what they are judged on. */
const subjects: readonly {
  subject: Subject;
  isOf(claim: ClaimResult): boolean;
}[] = [
  {
    subject: "Copies that are uneven across classes",
    isOf: ({ statement }) => /uneven/.test(statement),
  },
  {
    subject: "Even copies",
    isOf: ({ statement, metric }) =>
      metric === "clean" && /\beven/i.test(statement),
  },
  {
    subject: "Many copies of few images",
    isOf: ({ statement }) => /few images/.test(statement),
  },
];

/**
 * Puts verdicts into sentences by rule: a claim says no more than its verdict,
 * and where copies matter, what their controls show of the reason.
 *
 * @param claims All claims of an analysis.
 */
export function findingOf(claims: readonly ClaimResult[]): Finding {
  const judged = claims.filter(({ metric }) => metric === "clean");
  const open = claims.filter(({ test, holmP }) =>
    test !== null && holmP === null
  );
  const sentences = subjects.flatMap(({ subject, isOf }) => {
    const own = judged.filter((claim) => isOf(claim) && claim.holmP !== null);
    return own.length === 0 ? [] : describeSubject(subject, own);
  });
  sentences.push(...claims.flatMap(describeEfficiency));
  const [headline, ...further] = sentences;
  if (headline !== undefined) return { headline, further };
  const [first] = open;
  return {
    headline: first === undefined
      ? "These runs answer none of the questions"
      : "These runs are not enough for an answer",
    further: [
      first === undefined
        ? `A question needs copies at ratio 0 and above with equal steps, and ${FEWEST_SEEDS} seeds.`
        : `${capitalise(first.reason)}.`,
    ],
  };
}

/** A sentence on images to an accuracy, where there is a verdict on them. */
function describeEfficiency(claim: ClaimResult): string[] {
  const { metric, holmP, boundHolmP, test } = claim;
  if (metric !== "images-to-accuracy" || holmP === null) return [];
  const training = `training with even copies takes`;
  const text = holmP < LEVEL
    ? `${training} ${test!.mean > 0 ? "more" : "fewer"} images to an accuracy`
    : boundHolmP! < LEVEL
    ? `${training} as many images to an accuracy, within ${TIME_MARGIN} %`
    : "whether training with even copies takes more images to an accuracy is not shown";
  return [capitalise(text)];
}

/**
 * A sentence on the claims of a subject, standard training first, and one on what
 * their controls show.
 */
function describeSubject(
  subject: Subject,
  claims: readonly ClaimResult[],
): string[] {
  const ways = [...Map.groupBy(
    claims.toSorted((a, b) => Number(isStandard(b)) - Number(isStandard(a))),
    describeEffect,
  )].map(([effect, own]) => `${effect} in ${trainingOf(own)} training`);
  const reasons = Map.groupBy(
    claims.filter(({ holmP, test }) => holmP! < LEVEL && test!.mean < 0),
    ({ controls }) => describeReason(controls),
  );
  reasons.delete("");
  const said = [...reasons].map(([reason, own]) =>
    reasons.size === 1 ? reason : `${reason} in ${trainingOf(own)} training`
  );
  const effect = `${subject} ${ways.join(", and ")}`;
  return said.length === 0 ? [effect] : [effect, capitalise(said.join("; "))];
}

function trainingOf(claims: readonly ClaimResult[]): string {
  return claims.map((claim) => isStandard(claim) ? "standard" : "adversarial")
    .join(" and ");
}

function isStandard({ arms }: ClaimResult): boolean {
  return arms.every(({ training }) => training === "standard");
}

/** What copies do to accuracy, by the verdict alone. */
function describeEffect(
  { holmP, boundHolmP, test, statement }: ClaimResult,
): string {
  if (holmP! < LEVEL) {
    return test!.mean < 0 ? "lower accuracy" : "raise accuracy";
  }
  if (boundHolmP! >= LEVEL) return "have no clear effect on accuracy";
  return statement.includes("lower")
    ? "change accuracy by less than the margin"
    : "raise accuracy by less than the margin, if at all,";
}

/** What copies are compared with, after "than" or "as". */
const comparisons: Readonly<Record<ControlName, string>> = {
  weights: "weights on their originals",
  fresh: "fresh images of the same classes",
  "prior-restored": "copies with class weights restored",
  replace: "copies in a set of fixed size",
};

/**
 * What each control shows of an effect; empty without controls. Controls are no
 * repetitions of one another: fresh images bring what copies do not, weights stress
 * the same images, so that each is named.
 */
function describeReason(controls: readonly ControlContrast[]): string {
  const shown = Map.groupBy(controls, compareCost);
  const listOf = (outcome: Outcome) =>
    (shown.get(outcome) ?? []).map(({ control }) => comparisons[control]);
  const [more, less, equal, open] = (["more", "less", "equal", "open"] as const)
    .map(listOf);
  const costs = [
    ...more!.length > 0 ? [`more than ${more!.join(" and than ")}`] : [],
    ...less!.length > 0 ? [`less than ${less!.join(" and than ")}`] : [],
    ...equal!.length > 0
      ? [`within the margin as much as ${equal!.join(" and as ")}`]
      : [],
  ];
  return [
    ...costs.length > 0 ? [`they cost ${costs.join(", and ")}`] : [],
    ...open!.length > 0
      ? [`whether they cost more than ${open!.join(" or than ")} is not shown`]
      : [],
  ].join("; ");
}

type Outcome = "more" | "less" | "equal" | "open";

/** Whether copies cost more than a control, by the interval of the difference. */
function compareCost(contrast: ControlContrast): Outcome {
  const { interval } = inferenceOf(contrast);
  const [low, high] = interval ?? [-Infinity, Infinity];
  if (high < 0) return "more";
  if (low > 0) return "less";
  const { equivalenceP } = contrast;
  return equivalenceP !== null && equivalenceP < LEVEL ? "equal" : "open";
}
