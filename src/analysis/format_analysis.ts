import type { Analysis } from "./analyse.ts";
import { rulesNote } from "./claims.ts";
import type { ClaimResult } from "./judge_claim.ts";
import { metricUnits } from "./metric.ts";
import { nameArm } from "./name_arm.ts";
import type { MeanTest } from "./paired_test.ts";
import { TIME_MARGIN } from "./trends.ts";

/** An analysis as Markdown, beside the published figures. */
export function formatAnalysis(analysis: Analysis): string {
  const { sources, margin, claims, trends, contrasts, classes } = analysis;
  return [
    "# Analysis",
    sources.map(({ study, digest, seeds }) =>
      `- \`${study}\`, ${seeds.length} ${
        seeds.length === 1 ? "seed" : "seeds"
      }, digest \`${digest.slice(0, 16)}\``
    ).join("\n"),
    `The seed is the unit of every test. Accuracies are in points (per cent of the test images), the margin is ${margin} ${
      margin === 1 ? "point" : "points"
    }, for times ${TIME_MARGIN} %; intervals are of 95 %, p are two-sided. A slope is the change for one duplicate per original, by least squares over all ratios, and its margin is, too: over a range of five copies a change may be five times as large.`,
    "## Verdicts",
    `Judged ${rulesNote}; the p are not adjusted for there being four claims. What stands beside a trend decides nothing.`,
    claims.map(formatClaim).join("\n\n"),
    "## Trends",
    `One slope a seed; the p are not adjusted.${
      trends.some(({ metric }) => metric === "time-to-loss")
        ? " Time to loss is the time until the mean training loss of an epoch is down to the least that all ratios of a seed reach: it stands for the time to a given accuracy, which is recorded for the end only, and flatters duplicates, as copies are learnt with their originals."
        : ""
    }`,
    table(
      ["metric", "arm", "seeds", "slope", "interval", "p", "equivalent, p"],
      trends.map(({ arm, metric, test, equivalence }) => [
        metric,
        nameArm(arm),
        String(test.n),
        `${signed(test.mean)} ${metricUnits[metric]}`,
        interval(test.interval),
        probability(test.p),
        probability(equivalence),
      ]),
    ),
    "## Differences to ratio 0",
    "Paired by seed; Holm's adjustment is over all t tests of differences of accuracy here, controls among them. The sign-flip p of six seeds is never below .031.",
    table(
      [
        "metric",
        "arm",
        "ratio",
        "seeds",
        "difference",
        "t interval",
        "BCa interval",
        "d_z",
        "p",
        "sign-flip p",
        "Holm p",
        "equivalent, p",
      ],
      contrasts.map((c) => [
        c.metric,
        nameArm(c.arm),
        String(c.ratio),
        String(c.test.n),
        signed(c.test.mean),
        interval(c.test.interval),
        interval(c.bca),
        c.test.effect === null ? "" : signed(c.test.effect),
        probability(c.test.p),
        probability(c.signFlip),
        probability(c.holm),
        probability(c.equivalence),
      ]),
    ),
    ...formatReach(analysis),
    ...(classes.length === 0 ? [] : [
      "## By class, uneven policies, largest ratio",
      table(
        ["arm", "ratio", "class", "share of copies", "difference", "interval"],
        classes.map((c) => [
          nameArm(c.arm),
          String(c.ratio),
          String(c.class),
          `${(100 * c.copyShare).toFixed(0)} %`,
          signed(c.test.mean),
          interval(c.test.interval),
        ]),
      ),
    ]),
    "## Within one seed, largest ratio against ratio 0",
    "McNemar's exact test on clean test images; about these weights only.",
    table(
      ["arm", "ratio", "seed", "only duplicated right", "only ratio 0", "p"],
      analysis.seeds.map((s) => [
        nameArm(s.arm),
        String(s.ratio),
        String(s.seed),
        String(s.onlyFirst),
        String(s.onlySecond),
        probability(s.p),
      ]),
    ),
    "## Published",
    `${analysis.published.source}: one unseeded run a point, so no interval. "Here" are the means over seeds of runs like them (same policy, equal epochs), on the data and models of these result sets; under attack the paper's PGD, and here the worst case over all attacks.`,
    table(
      ["training", "ratio", "clean", "here", "adversarial", "here"],
      analysis.published.rows.map(({ here, ...row }) => [
        row.training,
        String(row.ratio),
        row.clean.toFixed(2),
        here.clean?.toFixed(2) ?? "",
        row.adversarial?.toFixed(2) ?? "",
        here.adversarial?.toFixed(2) ?? "",
      ]),
    ),
    `A second run with adversarial training, which the notebook has in a comment: ${
      analysis.published.secondRun.map(({ ratio, clean, adversarial }) =>
        `clean ${clean.toFixed(2)} and under attack ${
          adversarial!.toFixed(2)
        } at ratio ${ratio}`
      ).join(", ")
    }.`,
    "## Doubts",
    analysis.doubts.length === 0
      ? "No cell failed, and none raised a flag."
      : analysis.doubts.map((doubt) => `- ${doubt}`).join("\n"),
  ].join("\n\n") + "\n";
}

/** Epochs and seconds to an accuracy, and who never got there. */
function formatReach({ accuracy, reach }: Analysis): string[] {
  if (reach.length === 0) return [];
  // Every seed of an arm has a ratio 0.
  const curves = reach.filter(({ ratio }) => ratio === 0);
  const total = (values: number[]) => values.reduce((sum, n) => sum + n, 0);
  const all = total(curves.map(({ cells }) => cells));
  const left = all - total(curves.map(({ seeds }) => seeds));
  const goal = accuracy === null
    ? "for each seed the highest accuracy that all its ratios reach, so that none is left out"
    : `${percent(accuracy)} of the test images, for every seed`;
  return [
    "## Time to accuracy",
    `To ${goal}. Accuracy is taken to rise in proportion between two counts; a cell that is there by the first took as long as to that one, as nothing is known before. Time is at the median time of an epoch but the first, without the time of counting. With equal steps all ratios have equal epochs; with equal epochs those of larger ratios are longer, so that only times compare. ${
      left === 0
        ? "Every cell gets there."
        : `${left} of ${all} curves, of an arm and a seed each, do not get there at every ratio; they are left out of times, trends and differences.`
    }`,
    table(
      [
        "arm",
        "ratio",
        "accuracy",
        "cells",
        "never there",
        "seeds",
        "epochs",
        "seconds",
      ],
      reach.map((r) => [
        nameArm(r.arm),
        String(r.ratio),
        percent(r.accuracy),
        String(r.cells),
        String(r.unreached),
        String(r.seeds),
        r.epochs?.toFixed(2) ?? "",
        r.ms === null ? "" : (r.ms / 1000).toFixed(2),
      ]),
    ),
  ];
}

/** What each control is, in words. */
export const controlPhrases = {
  weights: "weights in place of copies",
  fresh: "fresh images in place of copies",
  replace: "copies in a set of fixed size",
};

/** A claim and its verdict, in lines for a terminal or Markdown. */
export function formatClaim(claim: ClaimResult, index: number): string {
  const { statement, verdict, reason, rule, metric, test, equivalence } = claim;
  const facts = test === null
    ? ""
    : `\n   Slope ${signed(test.mean)} ${metricUnits[metric]}${
      test.interval ? `, ${interval(test.interval)}` : ""
    }, ${test.n} ${test.n === 1 ? "seed" : "seeds"}${
      test.p === null ? "" : `, p ${probability(test.p)}`
    }${
      equivalence === null ? "" : `, equivalent p ${probability(equivalence)}`
    }${
      test.detectable === null
        ? ""
        : `, detectable ${test.detectable.toFixed(2)}`
    }; over ${nameArms(claim.arms)}.`;
  const controls = claim.controls.map(({ control, test }) =>
    `\n   Beyond ${controlPhrases[control]}: slope ${signed(test.mean)}${
      test.interval ? `, ${interval(test.interval)}` : ""
    }.`
  ).join("");
  const beside = claim.beside.map(({ what, metric, test, left }) =>
    `\n   Beside it, ${what}: ${
      test === null
        ? "no seed gets there at every ratio"
        : `slope ${signed(test.mean)} ${metricUnits[metric]}${
          test.interval ? `, ${interval(test.interval)}` : ""
        }, ${test.n} ${test.n === 1 ? "seed" : "seeds"}`
    }${test !== null && left > 0 ? `, ${left} left out` : ""}.`
  ).join("");
  return `${
    index + 1
  }. ${statement}: **${verdict}** (${reason}).${facts}${controls}${beside}\n   Rule: ${rule}`;
}

/** Arms in a few words each; alike ones, of several protocols, once. */
function nameArms(arms: ClaimResult["arms"]): string {
  const counts = Map.groupBy(arms.map(nameArm), (name) => name);
  return [...counts].map(([name, { length }]) =>
    length === 1 ? name : `${name} (${length} protocols)`
  ).join("; ");
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

function interval(ends: MeanTest["interval"]): string {
  return ends === null ? "" : `[${signed(ends[0])}, ${signed(ends[1])}]`;
}

function probability(p: number | null): string {
  if (p === null) return "";
  return p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, "");
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return "None.";
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
