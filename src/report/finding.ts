import { capitalise } from "../core/capitalise.ts";
import { countOf } from "../core/count_of.ts";
import { formatChange } from "../core/format_change.ts";
import { listWords } from "../core/list_words.ts";
import { FEWEST_SEEDS, LEVEL } from "../analysis/claims.ts";
import {
  type ControlContrast,
  type ControlName,
  coveredBy,
} from "../analysis/controls.ts";
import { TIME_MARGIN } from "../analysis/trends.ts";
import { inferenceOf } from "../analysis/effect.ts";
import { type ClaimResult, isAtChance } from "../analysis/judge_claim.ts";
import { FEWEST_FOR_INTERVALS } from "./draw_panel.ts";
import { sayPoints } from "./say_points.ts";

/** The finding of an analysis, in the sentences that a page begins with. */
export interface Finding {
  /** The main one. */
  readonly headline: string;
  /** Others, each a sentence. */
  readonly further: readonly string[];
}

/** How copies of some claims are spread. */
interface Subject {
  /** As a sentence begins. */
  readonly name: string;
  /** Within a sentence. */
  readonly short: string;
  /** Which claims are of it, by what they are judged on. */
  isOf(claim: ClaimResult): boolean;
}

const subjects: readonly Subject[] = [
  {
    name: "Copies that are uneven across classes",
    short: "uneven copies",
    isOf: ({ statement }) => /uneven/.test(statement),
  },
  {
    name: "Even copies",
    short: "even copies",
    isOf: ({ statement, metric }) =>
      metric === "clean" && /\beven/i.test(statement),
  },
  {
    name: "Many copies of few images",
    short: "many copies of few images",
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
  const open = openOf(claims);
  const sentences = subjects.flatMap((subject) => {
    const own = judged.filter((claim) =>
      subject.isOf(claim) && claim.holmP !== null
    );
    return own.length === 0 ? [] : describeSubject(subject, own);
  });
  sentences.push(...claims.flatMap(describeEfficiency));
  const [headline, ...further] = sentences;
  if (headline !== undefined) return { headline, further };
  return describeSlopes(open) ?? {
    headline: open.length === 0
      ? "These runs answer none of the questions"
      : "These runs are not enough for an answer",
    further: [whatLacks(claims)],
  };
}

/** What claims without a verdict need for one: a sentence on the first that had runs. */
export function whatLacks(claims: readonly ClaimResult[]): string {
  const open = openOf(claims);
  const first = open.find(({ metric }) => metric === "clean") ?? open[0];
  return first === undefined
    ? `A question needs copies at ratio 0 and above with equal steps, and ${FEWEST_SEEDS} seeds.`
    : `${capitalise(first.reason)}.`;
}

/** Claims that had runs and have no verdict. */
function openOf(claims: readonly ClaimResult[]): ClaimResult[] {
  return claims.filter(({ test, holmP }) => test !== null && holmP === null);
}

/**
 * The slopes of claims that had seeds for intervals, but too few for a verdict;
 * nothing where there are none, or where networks were at chance.
 */
function describeSlopes(claims: readonly ClaimResult[]): Finding | undefined {
  const told = toldSlopes(claims);
  if (told.length === 0) return undefined;
  const sayTraining = told.some(({ claim }) => !isStandard(claim));
  const changes = told.map(({ claim, subject, test }, i) =>
    `${subject.short} ${i === 0 ? "change clean accuracy " : ""}by ${
      formatChange(test.mean)
    } points${sayTraining ? ` in ${trainingOf([claim])} training` : ""}`
  );
  return {
    headline: `For one copy per original, ${
      listWords(changes)
    }: intervals without a verdict`,
    further: [
      ...saySlopes(claims, "Change of clean accuracy"),
      whatLacks(claims),
    ],
  };
}

/** The claims whose slopes have intervals, with what their copies are. */
function toldSlopes(claims: readonly ClaimResult[]) {
  return claims.filter((claim) =>
    claim.metric === "clean" && claim.test !== null && !isAtChance(claim) &&
    claim.test.n >= FEWEST_FOR_INTERVALS
  ).flatMap((claim) => {
    const subject = subjects.find((one) => one.isOf(claim));
    return subject === undefined ? [] : [{ claim, subject, test: claim.test! }];
  });
}

/**
 * A sentence for each slope of clean accuracy that has an interval.
 *
 * @param what Which change a slope is, as the sentences begin.
 */
export function saySlopes(
  claims: readonly ClaimResult[],
  what: string,
): string[] {
  return toldSlopes(claims).map(({ claim, subject, test }) => {
    const change = sayPoints({ test, crossed: claim.crossed });
    return `${what}, ${subject.short}, ${
      trainingOf([claim])
    } training: ${change}, ${countOf(test.n, "seed")}`;
  });
}

/** A sentence on images to an accuracy, where there is a verdict on them. */
function describeEfficiency(claim: ClaimResult): string[] {
  const { metric, holmP, boundHolmP, test } = claim;
  if (metric !== "images-to-accuracy" || holmP === null) return [];
  const training = `training with even copies takes`;
  const text = holmP < LEVEL
    ? `${training} ${
      test!.mean > 0 ? "more" : "fewer"
    } images to reach an accuracy`
    : boundHolmP! < LEVEL
    ? `${training} as many images to reach an accuracy, within ${TIME_MARGIN} %`
    : "whether training with even copies takes more images to reach an accuracy is not shown";
  return [capitalise(text)];
}

/**
 * A sentence on the claims of a subject, standard training first, and others on
 * what their controls show.
 */
function describeSubject(
  { name, short }: Subject,
  claims: readonly ClaimResult[],
): string[] {
  const ordered = claims.toSorted((a, b) =>
    Number(isStandard(b)) - Number(isStandard(a))
  );
  const ways = [...Map.groupBy(ordered, describeEffect)].map(([effect, own]) =>
    `${effect} in ${trainingOf(own)} training`
  );
  const reasons = Map.groupBy(
    ordered.filter(({ holmP, test }) => holmP! < LEVEL && test!.mean < 0),
    (claim) => describeReasons(short, claim),
  );
  reasons.delete("");
  return [
    `${name} ${ways.join(", and ")}`,
    ...[...reasons].map(([reason, own]) =>
      `In ${trainingOf(own)} training, ${reason}`
    ),
  ];
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
 * What the controls of a claim show: of all of its copies, then of those that alone
 * ran with a control.
 */
function describeReasons(
  short: string,
  { arms, controls }: ClaimResult,
): string {
  const subjectOf = (contrast: ControlContrast) => {
    const covered = coveredBy(contrast, arms);
    if (covered === undefined) {
      // A control may do more for one policy than for another.
      const policies = new Set(arms.map(({ policy }) => policy));
      return policies.size === 1
        ? short
        : `${short}, on average over ${listWords([...policies].map(String))},`;
    }
    return covered.endsWith(" arms")
      ? `${short} in ${covered}`
      : `${covered} copies`;
  };
  const ordered = controls.toSorted((a, b) =>
    Number(a.arms !== undefined) - Number(b.arms !== undefined)
  );
  return [...Map.groupBy(ordered, subjectOf)].map(([subject, own]) =>
    describeReason(subject, own)
  ).join("; ");
}

/**
 * What each control shows of an effect; empty without controls. Controls are no
 * repetitions of one another: fresh images bring what copies do not, weights stress
 * the same images, so that each is named.
 */
function describeReason(
  subject: string,
  controls: readonly ControlContrast[],
): string {
  const shown = Map.groupBy(controls, compareCost);
  const listOf = (outcome: Outcome) =>
    (shown.get(outcome) ?? []).map(({ control }) => comparisons[control]);
  const [more, less, equal, open] = (["more", "less", "equal", "open"] as const)
    .map(listOf);
  const costs = [
    ...more!.length > 0
      ? [`more accuracy than ${more!.join(" and than ")}`]
      : [],
    ...less!.length > 0
      ? [`less accuracy than ${less!.join(" and than ")}`]
      : [],
    ...equal!.length > 0
      ? [`within the margin as much as ${equal!.join(" and as ")}`]
      : [],
  ];
  return [
    ...costs.length > 0 ? [`${subject} cost ${costs.join(", and ")}`] : [],
    ...open!.length > 0
      ? [
        `whether ${costs.length > 0 ? "they" : subject} cost more than ${
          open!.join(" or than ")
        } is not shown`,
      ]
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
