import { countOf } from "../core/count_of.ts";
import { markdownTarget, markdownText } from "../core/clean_text.ts";
import { formatP } from "../core/format_p.ts";
import type { MeanTest } from "../analysis/paired_test.ts";
import { figureTitle } from "./figure_title.ts";
import { gaussianPolicyTerms, gaussianStandInTerms } from "./gaussian_terms.ts";
import type { GaussianResult } from "./gaussian_result.ts";
import published from "./published.json" with { type: "json" };
import type {
  AccuracyClasses,
  AccuracySample,
  GaussianSummary,
  GaussianTrend,
  GaussianVerdict,
} from "./summarise_gaussian.ts";

const sampleNames: Readonly<Record<AccuracySample, string>> = {
  heldOut: "held-out points",
  original: "original training points",
  trained: "all training points, each copy counted",
};

/**
 * The toy experiment as Markdown, next to the published results.
 *
 * @param figure File name of the drawing.
 */
export function formatGaussian(
  { study, digest }: GaussianResult,
  { margin, verdicts, trends }: GaussianSummary,
  figure: string,
): string {
  const { points, heldOut, seeds, gamma, cost, positiveShare } = study;
  return [
    `# ${markdownText(study.name)}`,
    markdownText(study.description),
    `${
      countOf(seeds.length, "seed")
    }, each with ${points} training and ${heldOut} held-out points per class; γ ${gamma}, C ${cost}; a class-biased copy is of class +1 with probability ${positiveShare}. Digest \`${
      digest.slice(0, 16)
    }\`.`,
    `The seed is the unit of every test. Accuracies are in points (percent), the margin is ${margin}, intervals are 95 % intervals. A slope is the change per copy per original point. The control has fresh points of the same classes in place of copies: a change that also occurs with these is not due to repetition.`,
    [gaussianPolicyTerms, gaussianStandInTerms].flatMap((table) =>
      Object.values(table).map(({ title, meaning }) =>
        `- **${title}**: ${meaning}`
      )
    ).join("\n"),
    "## Verdicts",
    verdicts.length === 0
      ? "None: with one seed, nothing can be tested."
      : verdicts.map(formatVerdict).join("\n\n"),
    "## Boundaries",
    `![${figureTitle}](${markdownTarget(figure)})`,
    "## Accuracy by class",
    ...levelTables(trends),
    "## Most added points against none",
    "Differences paired by seed, in points.",
    table(
      [
        "policy",
        "added",
        "accuracy on",
        "class",
        "difference",
        "interval",
        "d_z",
        "p",
        "sign-flip p",
      ],
      trends.map((t) => [
        gaussianPolicyTerms[t.policy].title,
        `${t.added.at(-1)} ${gaussianStandInTerms[t.standIn].title}`,
        sampleNames[t.sample],
        nameClasses(t.classes),
        signed(t.difference.mean),
        interval(t.difference),
        t.difference.effect === null ? "" : signed(t.difference.effect),
        probability(t.difference.p),
        probability(t.signFlipP),
      ]),
    ),
    "## Published",
    `${published.source}. Biased duplicates, accuracy on all training points, each copy counted; here the mean over seeds and their range.`,
    table(
      ["duplicates", "class −1", "here", "class +1", "here"],
      published.biased.map(({ copies, negative, positive }) => [
        String(copies),
        (100 * negative).toFixed(0),
        meanAt(trends, copies, "-1"),
        (100 * positive).toFixed(0),
        meanAt(trends, copies, "+1"),
      ]),
    ),
  ].join("\n\n") + "\n";
}

/** A verdict in lines for a terminal or Markdown. */
export function formatVerdict(
  { statement, rule, verdict, reason, slope, copiesMinusFresh }:
    GaussianVerdict,
): string {
  return `${statement}: **${verdict}** (${reason}).\nSlope ${
    signed(slope.mean)
  }, ${interval(slope)}, ${slope.n} seeds; 80 % power needs a slope of ${
    slope.detectable!.toFixed(2)
  }.\nCopies minus fresh points: slope ${signed(copiesMinusFresh.mean)}, ${
    interval(copiesMinusFresh)
  }.\nRule: ${rule}`;
}

/** Mean accuracies: one table per policy and sample. */
function levelTables(trends: readonly GaussianTrend[]): string[] {
  const groups = Map.groupBy(
    trends,
    ({ policy, sample }) =>
      `${capitalised(gaussianPolicyTerms[policy].title)}, ${
        sampleNames[sample]
      }:`,
  );
  return [...groups].flatMap(([heading, of]) => [
    heading,
    table(
      [
        "added",
        ...of.map((t) =>
          `${gaussianStandInTerms[t.standIn].title}, ${nameClasses(t.classes)}`
        ),
      ],
      of[0]!.added.map((added, i) => [
        String(added),
        ...of.map(({ means }) => means[i]!.toFixed(1)),
      ]),
    ),
  ]);
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function nameClasses(classes: AccuracyClasses): string {
  return classes === "both" ? "both" : classes.replace("-", "−");
}

/** Mean and range that compare with a published value; empty if not run. */
function meanAt(
  trends: readonly GaussianTrend[],
  copies: number,
  classes: Exclude<AccuracyClasses, "both">,
): string {
  const { added, means, ranges } = trends.find((t) =>
    t.policy === "biased" && t.standIn === "copies" &&
    t.sample === "trained" && t.classes === classes
  )!;
  const i = added.indexOf(copies);
  if (i < 0) return "";
  const [least, greatest] = ranges[i]!;
  return `${means[i]!.toFixed(1)} (${least.toFixed(1)} to ${
    greatest.toFixed(1)
  })`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

function interval({ interval }: MeanTest): string {
  return interval === null
    ? ""
    : `[${signed(interval[0])}, ${signed(interval[1])}]`;
}

function probability(p: number | null): string {
  return p === null ? "" : formatP(p);
}

function table(head: string[], rows: string[][]): string {
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
