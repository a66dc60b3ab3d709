import { capitalise } from "../core/capitalise.ts";
import { LEVEL } from "../analysis/claims.ts";
import { coveredBy, nameControl } from "../analysis/controls.ts";
import { inferenceOf, type ZeroTest } from "../analysis/effect.ts";
import { type ClaimResult, isByMargin } from "../analysis/judge_claim.ts";
import { needsAccuracy } from "../analysis/metric.ts";
import { canonicalJson } from "../core/digest.ts";
import { relateP } from "../core/format_p.ts";
import { listWords } from "../core/list_words.ts";
import { type MetricName, metricOf } from "../spec/metrics.ts";
import { wordOf } from "./arm_words.ts";
import type { StudyReport } from "./report_series.ts";
import { sayTitles } from "./study_title.ts";

/** A claim and its verdict in sentences. */
export interface ClaimText {
  /** What is claimed. */
  statement: string;
  /** The verdict, with a mark besides its colour. */
  verdict: string;
  /** What was found, with interval and seeds, and why a verdict is open. */
  finding: string;
  /** Which runs it was found in; empty where there are none. */
  runs: string;
  /** The finding with copies minus that with each control. */
  controls: string[];
  /** Trends that are not part of the verdict. */
  information: string[];
}

const verdictMarks = {
  supported: "✓ Supported",
  contradicted: "✕ Contradicted",
  inconclusive: "○ Inconclusive",
};

/** Puts a claim into words. */
export function describeClaim(
  claim: ClaimResult,
  studies: readonly StudyReport[],
): ClaimText {
  const { statement, verdict, reason, metric, test, crossed } = claim;
  const { controls, informational } = claim;
  const { title } = metricOf(metric);
  const unit = unitOf(metric);
  // A line must not end between a number and its unit.
  const amount = (text: string) => `${text}\u00a0${unit}`;
  const facts: string[] = [];
  if (test !== null) {
    const { mean, n } = test;
    const { interval, p, detectable } = inferenceOf({ test, crossed });
    const details = [
      ...(interval === null ? [] : [`95\u00a0% interval ${between(interval)}`]),
      n === 1 ? "1\u00a0seed" : `${n}\u00a0seeds`,
      ...describeLeftOut(claim.seedsLeftOut),
      ...(p === null ? [] : [sayP(p)]),
      // Over the claims of the paper.
      ...(claim.holmP === null || claim.origin !== "paper"
        ? []
        : [`adjusted ${sayP(claim.holmP)}`]),
    ];
    facts.push(
      `${capitalise(title)}: ${
        amount(signed(mean))
      } per copy per original (slope over all ratios; ${details.join(", ")}).`,
    );
    // The p-values above are of the test against 0, which may show nothing.
    if (isByMargin(claim)) {
      facts.push(
        `The verdict is by the test of the margin, ${sayP(claim.boundP!)}${
          claim.origin === "paper"
            ? `, adjusted ${sayP(claim.boundHolmP!)}`
            : ""
        }.`,
      );
    }
    const isPower = verdict === "inconclusive" && claim.holmP !== null;
    if (verdict !== "inconclusive" && detectable !== null) {
      facts.push(
        `A slope of ${
          amount(sizeOf(detectable))
        } would have been detected with 80\u00a0% power.`,
      );
    }
    if (isPower) {
      facts.push(
        `With ${n}\u00a0seeds, 80\u00a0% power needs a slope of ${
          amount(sizeOf(detectable!))
        }; a smaller one may exist.`,
      );
    } else if (verdict === "inconclusive" || isSmall(claim)) {
      facts.push(sentence(reason));
    }
  } else facts.push(sentence(reason));
  return {
    statement,
    verdict: `${verdictMarks[verdict]}.`,
    finding: facts.join(" "),
    runs: test === null ? "" : runsOf(claim, studies),
    controls: controls.map((contrast) => {
      const covered = coveredBy(contrast, claim.arms);
      return `${nameControl(contrast.control)}${
        covered === undefined ? "" : `, ${covered} only`
      }${needsAccuracy(metric) ? ", to the same accuracy" : ""}: ${
        amount(signed(contrast.test.mean))
      }${ends(contrast)}`;
    }),
    information: informational.map((
      { label, metric, test, crossed, seedsLeftOut },
    ) =>
      test === null
        ? `${label}: no seed reaches the accuracy at every ratio`
        : `${label}: ${signed(test.mean)}\u00a0${unitOf(metric)}${
          ends({ test, crossed })
        }${["", ...describeLeftOut(seedsLeftOut)].join(", ")}`
    ),
  };
}

/** Unit of a change: percentage points, or percent of ratio 0. */
function unitOf(metric: MetricName): "points" | "%" {
  return metricOf(metric).unit === "points" ? "points" : "%";
}

/** Whether a slope differs from 0 and yet is within the margin. */
function isSmall({ holmP, boundHolmP }: ClaimResult): boolean {
  return holmP !== null && holmP < LEVEL && boundHolmP! < LEVEL;
}

/** The interval of an effect in brackets; empty for one seed. */
function ends(tests: ZeroTest): string {
  const { interval } = inferenceOf(tests);
  return interval === null ? "" : ` (${between(interval)})`;
}

/** How many seeds are left out; nothing where none is. */
function describeLeftOut(count: number): string[] {
  if (count === 0) return [];
  return [`${count}\u00a0${count === 1 ? "seed" : "seeds"} left out`];
}

/** What introduces the trends that are not part of a verdict. */
export function informationHeading({ informational }: ClaimResult): string {
  const goal = informational.some(({ metric }) => needsAccuracy(metric))
    ? " (times and images are those to the highest accuracy that all ratios of a seed reach)"
    : "";
  return `For information; not part of the verdict${goal}`;
}

/** Policies, budgets, backends and studies of a claim's arms. */
function runsOf(
  { arms, averagedOver, omitted }: ClaimResult,
  studies: readonly StudyReport[],
): string {
  const keys = new Set(arms.map(canonicalJson));
  const among = sayTitles(
    studies.filter(({ series }) =>
      series.some(({ arm }) => keys.has(canonicalJson(arm)))
    ).map(({ study }) => study),
    studies.map(({ study }) => study),
  );
  const all = (key: "training" | "policy" | "budget") =>
    listWords(new Set(arms.map((arm) => wordOf(arm, key))));
  const from = studies.length === 1
    ? ""
    : `, in ${among.join(", ")}${
      among.length > 1 ? " together, averaged per seed" : ""
    }`;
  const over = averagedOver.length === 0
    ? ""
    : `; mean over ${averagedOver.join(" and ")}`;
  const rest = omitted.length === 0
    ? ""
    : `; left out, with other seeds, arms, ratios or test images: ${
      omitted.join("; ")
    }`;
  return `${all("training")}, ${all("policy")}, ${
    all("budget")
  }${from}${over}${rest}`;
}

/** One decimal, or two where one would be 0. */
function sizeOf(size: number): string {
  return size.toFixed(size < 0.05 ? 2 : 1);
}

/** The same with its sign. */
function signed(value: number): string {
  const text = sizeOf(Math.abs(value));
  if (Number(text) === 0) return "0.0";
  return `${value < 0 ? "−" : "+"}${text}`;
}

function between([low, high]: readonly [number, number]): string {
  return `${signed(low)} to ${signed(high)}`;
}

/** A p-value with its sign, on one line. */
function sayP(p: number): string {
  return `p ${relateP(p)}`.replaceAll(" ", "\u00a0");
}

function sentence(text: string): string {
  return `${capitalise(text)}.`;
}
