import { countOf } from "../core/count_of.ts";
import { markdownText } from "../core/clean_text.ts";
import { formatP } from "../core/format_p.ts";
import { type MetricName, metricOf } from "../spec/metrics.ts";
import { axes, type CoordinateKey } from "../spec/axes.ts";
import type { Axis, CoordinateValue } from "../spec/axis.ts";
import { nameValues } from "../spec/name_cell.ts";
import type { Analysis } from "./analyse.ts";
import { nameArm } from "./arm.ts";
import { describeChance } from "./chance.ts";
import { rulesNote, verdictsNote } from "./claims.ts";
import {
  type ConditionContrast,
  conditionRule,
} from "./condition_contrasts.ts";
import { coveredBy, nameControl } from "./controls.ts";
import { inferenceOf, type ZeroTest } from "./effect.ts";
import type { ClaimResult } from "./judge_claim.ts";
import {
  type LevelComparison,
  type LevelConclusion,
  type LevelKey,
  levelsNote,
} from "./levels.ts";
import { isAccuracy, needsAccuracy } from "./metric.ts";
import { type ArmTrend, TIME_MARGIN } from "./trends.ts";

const TITLE = "# Analysis";

/** How the text of every analysis begins: its title, and the first result set. */
export const ANALYSIS_START = `${TITLE}\n\n- \``;

/** An analysis as Markdown, with the published figures for comparison. */
export function formatAnalysis(analysis: Analysis): string {
  const { sources, margin, claims, trends, contrasts, classes } = analysis;
  return [
    TITLE,
    sources.map(({ study, digest, seeds }) =>
      `- \`${study}\`, ${countSeeds(seeds.length)}, digest \`${
        digest.slice(0, 16)
      }\``
    ).join("\n"),
    `The seed is the unit of every test. Tests of accuracies also count test images as a sample: intervals and p-values are the wider of those over seeds and of those over seeds and test images. Accuracies are in percentage points of the test images. The margin is ${
      countOf(margin, "point")
    }, and ${TIME_MARGIN} % for times, epochs and images. Intervals are 95 % confidence intervals; p-values are two-sided. A slope is the change for an increase of the ratio by 1 (one copy per original), by least squares over all ratios. The margin applies to the slope, so over ratios from 0 to 5 a change within the margin may be five times as large.`,
    "## Verdicts",
    `Judged ${rulesNote}; ${verdictsNote} Trends "for information" are not part of the verdict.`,
    claims.map(formatClaim).join("\n\n"),
    ...(analysis.conditions.length === 0 ? [] : [
      "## Conditions compared",
      conditionRule,
      analysis.conditions.map((one) => `- ${formatCondition(one, margin)}`)
        .join("\n"),
    ]),
    "## Trends",
    `One slope per seed; p-values are not adjusted. A small p of the curvature shows that the values depart from a straight line, so that the slope alone does not describe them; it needs three ratios.${
      trends.some(({ metric }) => metric === "time-to-loss")
        ? ` Time to loss is the ${
          metricOf("time-to-loss").meaning
        }. It favours duplication, because copies are learnt together with their originals.`
        : ""
    }`,
    ...describeDistinct(trends),
    table(
      [
        "metric",
        "arm",
        "seeds",
        "slope",
        "interval",
        "p",
        "equivalence p",
        "curvature p",
      ],
      trends.map((trend) => {
        const { arm, metric, test, equivalenceP, curvature } = trend;
        const inference = inferenceOf(trend);
        return [
          metricOf(metric).title,
          nameArm(arm),
          String(test.n),
          `${signed(test.mean)} ${unitOf(metric)}`,
          interval(inference.interval),
          probability(inference.p),
          probability(equivalenceP),
          probability(curvature && inferenceOf(curvature).p),
        ];
      }),
    ),
    "## Differences to ratio 0",
    "Paired by seed. Holm's adjustment is over the p-values of all differences of accuracy in this table, including those of controls, but without those on distinct images, which are largely the same tests. With six seeds the sign-flip p cannot be below .031.",
    table(
      [
        "metric",
        "arm",
        "ratio",
        "seeds",
        "difference",
        "interval",
        "BCa interval",
        "d_z",
        "p",
        "sign-flip p",
        "Holm p",
        "equivalence p",
      ],
      contrasts.map((c) => {
        const inference = inferenceOf(c);
        return [
          metricOf(c.metric).title,
          nameArm(c.arm),
          String(c.ratio),
          String(c.test.n),
          signed(c.test.mean),
          interval(inference.interval),
          interval(c.bcaInterval),
          c.test.effect === null ? "" : signed(c.test.effect),
          probability(inference.p),
          probability(c.signFlipP),
          probability(c.holmP),
          probability(c.equivalenceP),
        ];
      }),
    ),
    ...formatLevels(analysis),
    ...formatTimes(analysis),
    ...(classes.length === 0 ? [] : [
      "## By class: uneven policies at the largest ratio",
      "Intervals are over seeds only and do not include the variance due to the few test images of a class.",
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
    "## Within one seed: largest ratio against ratio 0",
    "McNemar's exact test on clean test images compares these weights only and says nothing about other seeds.",
    table(
      [
        "arm",
        "ratio",
        "seed",
        "correct at this ratio only",
        "correct at ratio 0 only",
        "p",
      ],
      analysis.seeds.map((s) => [
        nameArm(s.arm),
        String(s.ratio),
        String(s.seed),
        String(s.onlyFirst),
        String(s.onlySecond),
        probability(s.p),
      ]),
    ),
    "## Published figures",
    `${analysis.published.source}: one unseeded run per point, hence no interval. The columns "here" are means over the seeds of runs with the same policy and equal epochs, on the data sets and models of these result sets. "Adversarial" is accuracy under PGD in the paper and worst-case accuracy over all attacks here.`,
    table(
      ["training", "ratio", "clean", "here", "adversarial", "here"],
      analysis.published.rows.map(({ measured, ...row }) => [
        row.training,
        String(row.ratio),
        row.clean.toFixed(2),
        measured.clean?.toFixed(2) ?? "",
        row.adversarial?.toFixed(2) ?? "",
        measured.adversarial?.toFixed(2) ?? "",
      ]),
    ),
    `A second run with adversarial training, from a comment in the notebook: ${
      analysis.published.secondRun.map(({ ratio, clean, adversarial }) =>
        `clean ${clean.toFixed(2)} and under attack ${
          adversarial!.toFixed(2)
        } at ratio ${ratio}`
      ).join(", ")
    }.`,
    "## Warnings",
    analysis.warnings.length === 0
      ? "None: no cell failed, diverged or raised a flag."
      : analysis.warnings.map((warning) => `- ${markdownText(warning)}`).join(
        "\n",
      ),
  ].join("\n\n") + "\n";
}

/** Effects by level of what is varied. */
function formatLevels({ levels }: Analysis): string[] {
  return levels.length === 0 ? [] : [
    "## Effect of copies by level",
    levelsNote,
    table(
      [
        "metric",
        "level",
        "runs",
        "ratio",
        "seeds",
        "change",
        "interval",
        "minus the first level",
        "interval",
        "seeds",
        "Holm p",
        "Holm equivalence p",
        "detectable",
        "finding",
      ],
      levels.flatMap(({ key, runs, ratio, metric, levels }) =>
        levels.map(({ value, change, difference, conclusion, chance }) => [
          metricOf(metric).title,
          `${nameLevel(key, value)}${
            chance.atChance > 0 ? ` (${describeChance(chance)})` : ""
          }`,
          nameValues(runs),
          String(ratio ?? value),
          String(change.test.n),
          signed(change.test.mean),
          interval(inferenceOf(change).interval),
          difference === null ? "" : signed(difference.test.mean),
          interval(difference && inferenceOf(difference).interval),
          difference === null ? "" : String(difference.test.n),
          probability(conclusion?.holmP ?? null),
          probability(conclusion?.equivalenceHolmP ?? null),
          size(difference && inferenceOf(difference).detectable),
          conclusion ? sayConclusion(conclusion) : "",
        ])
      ),
    ),
  ];
}

/** What a difference between two levels shows, in words. */
function sayConclusion({ finding, reason }: LevelConclusion): string {
  return reason === undefined ? finding : `${finding}: ${reason}`;
}

/** A level of a coordinate, the usual one said, too. */
export function nameLevel(key: LevelKey, value: CoordinateValue): string {
  return key === "ratio" ? `ratio ${value}` : nameCondition(key, value);
}

/** A value of an axis, the usual one said, too. */
function nameCondition(key: CoordinateKey, value: CoordinateValue): string {
  const { terms, say } = axisOf(key);
  return terms?.[value]?.title ?? say(value);
}

/** The effects at all levels of one comparison, in a sentence. */
export function formatLevelComparison(
  { key, runs, ratio, metric, levels }: LevelComparison,
): string {
  const where = [
    ...(ratio === null ? [] : [`ratio ${ratio}`]),
    nameValues(runs),
  ].join(", ");
  return `Change of ${metricOf(metric).title} (${where}): ${
    levels.map(({ value, change, difference, conclusion, chance }) => {
      const range = inferenceOf(change).interval;
      const own = `${nameLevel(key, value)} ${signed(change.test.mean)} points${
        range === null ? "" : `, ${formatInterval(range)}`
      }, ${countSeeds(change.test.n)}`;
      const ends = difference && inferenceOf(difference).interval;
      return `${own}${
        difference === null
          ? ""
          : `, minus ${nameLevel(key, levels[0]!.value)} ${
            signed(difference.test.mean)
          }${ends === null ? "" : `, ${formatInterval(ends)}`}${
            conclusion ? `, ${sayConclusion(conclusion)}` : ""
          }`
      }${chance.atChance > 0 ? ` (${describeChance(chance)})` : ""}`;
    }).join("; ")
  }.`;
}

/** Epochs and seconds to an accuracy, and the cells that never reach it. */
function formatTimes({ accuracy, timeToAccuracy }: Analysis): string[] {
  if (timeToAccuracy.length === 0) return [];
  // Every seed of an arm has a ratio 0.
  const curves = timeToAccuracy.filter(({ ratio }) => ratio === 0);
  const total = (values: number[]) => values.reduce((sum, n) => sum + n, 0);
  const all = total(curves.map(({ cells }) => cells));
  const left = all - total(curves.map(({ seeds }) => seeds));
  const goal = accuracy === null
    ? "The accuracy is, for each seed, the highest that all its ratios reach, so that none is left out."
    : `The accuracy is ${percent(accuracy)} for every seed.`;
  return [
    "## Time to accuracy",
    `${goal} It is interpolated linearly between two evaluations; a cell that reaches it by the first evaluation counts with the time of that evaluation. Time is epochs times the median time per epoch after the first, without the time of evaluations. With equal steps, epochs have the same length at all ratios; with equal epochs, those of larger ratios are longer, so that only times are comparable. ${
      left === 0
        ? "Every cell reaches the accuracy."
        : `${left} of ${all} curves, each of one arm and seed, do not reach the accuracy at every ratio; they are left out of times, trends and differences.`
    }`,
    table(
      [
        "arm",
        "ratio",
        "accuracy",
        "cells",
        "not reaching it",
        "seeds",
        "epochs",
        "seconds",
      ],
      timeToAccuracy.map((r) => [
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

/** A claim and its verdict, in lines for a terminal or Markdown. */
export function formatClaim(claim: ClaimResult, index: number): string {
  const { statement, verdict, reason, rule, metric, test, crossed } = claim;
  const inference = test && inferenceOf({ test, crossed });
  const facts = inference === null ? "" : `\n   ${
    [
      `Slope ${slopeText({ test: test!, crossed }, metric)}`,
      countSeeds(test!.n),
      ...(isAccuracy(metric) && inference.interval !== null &&
          !inference.coversImages
        ? ["over seeds only"]
        : []),
      ...p("p", inference.p),
      ...p("Holm p", claim.holmP),
      ...p("p of the margin", claim.boundP),
      ...p("Holm p of the margin", claim.boundHolmP),
      ...p(
        "p of the curvature",
        claim.curvature && inferenceOf(claim.curvature).p,
      ),
      ...(inference.detectable === null
        ? []
        : [`detectable slope ${inference.detectable.toFixed(2)}`]),
      ...(claim.seedsLeftOut > 0
        ? [`${countSeeds(claim.seedsLeftOut)} left out`]
        : []),
    ].join(", ")
  }; over ${nameArms(claim.arms)}${
    claim.averagedOver.length === 0
      ? ""
      : `; mean over ${claim.averagedOver.join(" and ")}`
  }.${
    claim.omitted.length === 0
      ? ""
      : ` Left out, with other seeds, arms, ratios or test images: ${
        claim.omitted.join("; ")
      }.`
  }`;
  const controls = claim.controls.map((contrast) => {
    const covered = coveredBy(contrast, claim.arms);
    return `\n   Copies minus control (${nameControl(contrast.control)}${
      covered === undefined ? "" : `; ${covered} only`
    }${needsAccuracy(metric) ? "; to the same accuracy" : ""}): slope ${
      slopeText(contrast, metric)
    }.`;
  }).join("");
  const informational = claim.informational.map((
    { label, metric, test, crossed, seedsLeftOut },
  ) =>
    `\n   For information, ${label}: ${
      test === null
        ? "no seed reaches the accuracy at every ratio"
        : `slope ${slopeText({ test, crossed }, metric)}, ${countSeeds(test.n)}`
    }${test !== null && seedsLeftOut > 0 ? `, ${seedsLeftOut} left out` : ""}.`
  ).join("");
  return `${
    index + 1
  }. ${statement}: **${verdict}** (${reason}).${facts}${controls}${informational}\n   Rule: ${rule}`;
}

/** The conclusion on a condition, in a sentence. */
export function formatCondition(
  { key, value, usual, runs, ratio, metric, mean, usualMean, test, ...rest }:
    ConditionContrast,
  margin: number,
): string {
  const { removed, finding, reason, chance, crossed } = rest;
  const inference = inferenceOf({ test, crossed });
  const say = (value: CoordinateValue) => nameCondition(key, value);
  const where = [`ratio ${ratio}`, nameValues(runs)]
    .filter((text) => text !== "").join(", ");
  const facts = [
    `${mean.toFixed(2)} % against ${usualMean.toFixed(2)} %`,
    `difference ${signed(test.mean)} points${
      inference.interval === null
        ? ""
        : `, unadjusted 95 % interval ${formatInterval(inference.interval)}`
    }`,
    countSeeds(test.n),
    ...p("p", inference.p),
    ...p("Holm p", rest.holmP),
    ...p("equivalence p", rest.equivalenceP),
    ...p("Holm equivalence p", rest.equivalenceHolmP ?? null),
    ...(removed === undefined ? [] : [
      removed === 0
        ? "no duplicates found, so the runs are the same"
        : `${Number(removed.toFixed(1))} training images removed`,
    ]),
  ];
  const conclusion = {
    "higher": `${metricOf(metric).title} is higher`,
    "lower": `${metricOf(metric).title} is lower`,
    "no change above the margin": `${
      metricOf(metric).title
    } does not change by more than ${countOf(margin, "point")}`,
    "inconclusive": `${metricOf(metric).title} is inconclusive: ${
      chance.atChance > 0 ? describeChance(chance) : reason
    }`,
  }[finding];
  return `${say(value)} against ${say(usual)} (${where}): ${conclusion} (${
    facts.join("; ")
  }).`;
}

function axisOf(key: CoordinateKey): Axis {
  return (axes as readonly Axis[]).find((axis) => axis.key === key)!;
}

/** What distinct images are, where an analysis has trends on them. */
function describeDistinct(trends: readonly ArmTrend[]): string[] {
  const name = "clean-distinct";
  return trends.some(({ metric }) => metric === name)
    ? [
      `On distinct images: ${
        metricOf(name).meaning
      }, whether a run used all of these or not.`,
    ]
    : [];
}

/** A p-value in words; none where it is unknown. */
function p(name: string, value: number | null): string[] {
  return value === null ? [] : [`${name} ${probability(value)}`];
}

function slopeText(
  tests: ZeroTest,
  metric: MetricName,
): string {
  const text = `${signed(tests.test.mean)} ${unitOf(metric)}`;
  const { interval } = inferenceOf(tests);
  return interval === null ? text : `${text}, ${formatInterval(interval)}`;
}

function countSeeds(n: number): string {
  return countOf(n, "seed");
}

function unitOf(metric: MetricName): string {
  return metricOf(metric).unit;
}

/** Arms in a few words each; equal ones, of several protocols, once. */
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

function interval(ends: readonly [number, number] | null): string {
  return ends === null ? "" : formatInterval(ends);
}

function formatInterval([low, high]: readonly [number, number]): string {
  return `[${signed(low)}, ${signed(high)}]`;
}

function size(value: number | null): string {
  return value === null ? "" : value.toFixed(2);
}

function probability(p: number | null): string {
  return p === null ? "" : formatP(p);
}

function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return "None.";
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
