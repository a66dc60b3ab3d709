import { inferenceOf } from "../analysis/effect.ts";
import { nameLevel } from "../analysis/format_analysis.ts";
import type { LevelComparison, LevelKey } from "../analysis/levels.ts";
import { capitalise } from "../core/capitalise.ts";
import { formatChange } from "../core/format_change.ts";
import type { CoordinateValue } from "../spec/axis.ts";
import { nameValues } from "../spec/name_cell.ts";
import { type Finding, findingOf } from "./finding.ts";
import { drawnComparisons } from "./level_figure.ts";
import type { ReportContent } from "./report_content.ts";

/** What is varied, in a headline. */
const levelWords: Readonly<Record<LevelKey, string>> = {
  ratio: "ratio",
  multiplicity: "multiplicity",
  conflict: "share of conflicting labels",
  copies: "kind of copies",
  dedup: "removal of duplicates",
  width: "width of the network",
  drawTrain: "size of the training set",
};

/** Runs at a level, in a sentence. */
const atLevel: Readonly<
  Record<LevelKey, (value: CoordinateValue) => string>
> = {
  ratio: (ratio) => `at ratio ${ratio}`,
  multiplicity: (count) =>
    `with ${count} ${count === 1 ? "copy" : "copies"} of each chosen image`,
  conflict: (share) =>
    `with ${
      share === 0 ? "no" : `${Number((100 * Number(share)).toFixed(6))} %`
    } conflicting labels`,
  copies: (kind) => `for ${nameLevel("copies", kind)}`,
  dedup: (kind) => `with ${nameLevel("dedup", kind)}`,
  width: (width) => `at width ${width}`,
  drawTrain: (count) =>
    `with ${
      typeof count === "number" ? count.toLocaleString("en") : count
    } training images`,
};

/** Most comparisons that an opening describes; a figure has all. */
const MOST_SENTENCES = 4;

/** Most comparisons that a headline describes. */
const MOST_IN_HEADLINE = 2;

/**
 * What a page begins with: the answer of a paired study of duplicates, where the
 * report is of one, otherwise what the verdicts say; without a verdict, the effects
 * by level of what was varied.
 */
export function openingOf(
  { verdict, analysis }: Pick<ReportContent, "verdict" | "analysis">,
): Finding {
  if (verdict !== undefined) {
    return { headline: verdict.text.headline, further: verdict.text.lines };
  }
  const finding = findingOf(analysis.claims);
  const comparisons = drawnComparisons(analysis.levels);
  if (!leadsWithLevels(analysis)) return finding;
  const keys = [...new Set(comparisons.map(({ key }) => levelWords[key]))];
  return {
    headline: comparisons.length <= MOST_IN_HEADLINE
      ? capitalise(comparisons.map(describeChanges).join("; "))
      : `The effect of copies by ${
        keys.join(" and ")
      }: intervals without a verdict`,
    further: [
      ...comparisons.slice(0, MOST_SENTENCES).map(describeEnds),
      ...finding.further,
    ],
  };
}

/**
 * Whether a page begins with effects by level: something was varied, and no claim was
 * tested, for example because there were fewer seeds than a verdict needs.
 */
export function leadsWithLevels(
  { claims, levels }: ReportContent["analysis"],
): boolean {
  return claims.every(({ holmP }) => holmP === null) &&
    drawnComparisons(levels).length > 0;
}

/** What does not tell comparisons of one study apart, or is said elsewhere. */
const unsaid = [
  "model",
  "width",
  "training",
  "drawTrain",
  "budget",
  "backend",
] as const;

/** The effects at the first and the last level, as a headline has them. */
function describeChanges({ key, runs, levels }: LevelComparison): string {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  const rest = nameValues(runs, { omit: [...unsaid, "policy"] });
  const policy = String(runs.policy);
  const copies = policy.endsWith("copies") ? policy : `${policy} copies`;
  const change = ({ value, change }: typeof first) =>
    `by ${formatChange(change.test.mean)} points ${atLevel[key](value)}`;
  return `${copies}${rest === "" ? "" : ` (${rest})`} change clean accuracy ${
    change(first)
  }, and ${change(last)}`;
}

/** The effects at the first and the last level, and their difference. */
function describeEnds({ key, runs, ratio, levels }: LevelComparison): string {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  const own = nameValues(runs, { omit: unsaid });
  const points = (effect: typeof first.change) => {
    const { interval } = inferenceOf(effect);
    return `${formatChange(effect.test.mean)} points${
      interval === null ? "" : ` (${interval.map(formatChange).join(" to ")})`
    }`;
  };
  return `Change of clean accuracy${
    ratio === null ? "" : ` at ratio ${ratio}`
  }${own === "" ? "" : `, ${own}`}: ${points(first.change)} ${
    atLevel[key](first.value)
  }, ${points(last.change)} ${atLevel[key](last.value)}${
    last.difference === null
      ? ""
      : `; the second minus the first is ${points(last.difference)}`
  }`;
}
