import type { MeanTest } from "../analysis/paired_test.ts";
import type { GaussianResult } from "./gaussian_result.ts";
import published from "./published.json" with { type: "json" };
import type {
  AccuracyClass,
  AccuracySample,
  GaussianSummary,
  GaussianTrend,
  GaussianVerdict,
} from "./summarise_gaussian.ts";

const sampleNames: Record<AccuracySample, string> = {
  heldOut: "held-out points",
  original: "original training points",
  trained: "all points trained on, each copy counted",
};

/**
 * The toy study as Markdown, beside the published figures.
 *
 * @param figure File name of the drawing, to show it.
 */
export function formatGaussian(
  { study, digest }: GaussianResult,
  { margin, verdicts, trends }: GaussianSummary,
  figure: string,
): string {
  const { points, heldOut, seeds, gamma, cost, positiveShare } = study;
  return [
    `# ${study.name}`,
    study.description,
    `${seeds.length} ${
      seeds.length === 1 ? "seed" : "seeds"
    }, each with ${points} training and ${heldOut} held-out points a class; γ ${gamma}, C ${cost}; a biased duplicate is of class +1 with chance ${positiveShare}. Digest \`${
      digest.slice(0, 16)
    }\`.`,
    `The seed is the unit of every test. Accuracies are in points (per cent), the margin is ${margin}, intervals are of 95 %. A slope is the change for one copy per original point. Fresh points of the same classes in place of copies are the control: what they change, too, is not due to repetition.`,
    "## Verdicts",
    verdicts.length === 0
      ? "None: one seed shows no spread, so nothing can be tested."
      : verdicts.map(formatVerdict).join("\n\n"),
    "## Boundaries",
    `![Decision boundaries before and after duplication](${figure})`,
    "## Accuracy by class",
    ...levelTables(trends),
    "## Largest count against none",
    "Paired by seed, in points.",
    table(
      [
        "policy",
        "added",
        "on",
        "class",
        "difference",
        "interval",
        "d_z",
        "p",
        "sign-flip p",
      ],
      trends.map((t) => [
        t.policy,
        `${t.copies.at(-1)} ${t.standIn}`,
        sampleNames[t.on],
        className(t.of),
        signed(t.difference.mean),
        interval(t.difference),
        t.difference.effect === null ? "" : signed(t.difference.effect),
        probability(t.difference.p),
        probability(t.signFlip),
      ]),
    ),
    "## Published",
    `${published.source}. Biased duplicates, accuracy on all points trained on, each copy counted; here the mean over seeds and their range.`,
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
  { statement, rule, verdict, slope, equivalence, beyondFresh }:
    GaussianVerdict,
): string {
  return `${statement}: **${verdict}**.\nSlope ${signed(slope.mean)}, ${
    interval(slope)
  }, ${slope.n} seeds, p ${probability(slope.p)}, equivalent p ${
    probability(equivalence)
  }, detectable ${slope.detectable!.toFixed(2)}.\nBeyond fresh points: slope ${
    signed(beyondFresh.mean)
  }, ${interval(beyondFresh)}.\nRule: ${rule}`;
}

/** Means at each count: a table for each policy and sample. */
function levelTables(trends: readonly GaussianTrend[]): string[] {
  const groups = Map.groupBy(
    trends,
    ({ policy, on }) => `${capitalised(policy)}, ${sampleNames[on]}:`,
  );
  return [...groups].flatMap(([heading, of]) => [
    heading,
    table(
      ["added", ...of.map((t) => `${t.standIn}, ${className(t.of)}`)],
      of[0]!.copies.map((copies, i) => [
        String(copies),
        ...of.map(({ means }) => means[i]!.toFixed(1)),
      ]),
    ),
  ]);
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

function className(of: AccuracyClass): string {
  return of === "both" ? "both" : of.replace("-", "−");
}

/** Mean and range that stand beside a published value; empty if not run. */
function meanAt(
  trends: readonly GaussianTrend[],
  copies: number,
  of: Exclude<AccuracyClass, "both">,
): string {
  const { copies: counts, means, ranges } = trends.find((t) =>
    t.policy === "biased" && t.standIn === "copies" && t.on === "trained" &&
    t.of === of
  )!;
  const i = counts.indexOf(copies);
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
  if (p === null) return "";
  return p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, "");
}

function table(head: string[], rows: string[][]): string {
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}
