import { inferenceOf } from "../analysis/effect.ts";
import type { LevelComparison, LevelKey } from "../analysis/levels.ts";
import { capitalise } from "../core/capitalise.ts";
import { countOf } from "../core/count_of.ts";
import { formatChange } from "../core/format_change.ts";
import { relateP } from "../core/format_p.ts";
import { listWords } from "../core/list_words.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import { nameValues } from "../spec/name_cell.ts";
import { FEWEST_FOR_INTERVALS } from "./draw_panel.ts";
import { type Finding, findingOf, saySlopes, whatLacks } from "./finding.ts";
import { drawnComparisons, hasNoCopies } from "./level_figure.ts";
import { levelWords } from "./level_words.ts";
import type { ReportContent } from "./report_content.ts";
import { sayPoints } from "./say_points.ts";

/**
 * Most comparisons that an opening describes, if that leaves one for each thing
 * that was varied; a figure has all.
 */
const MOST_SENTENCES = 4;

/** Most comparisons, or things that were varied, of which a headline says all. */
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
  if (!leadsWithLevels(analysis)) return findingOf(analysis.claims);
  const comparisons = toldComparisons(analysis.levels);
  const keys = [...new Set(comparisons.map(({ key }) => levelWords[key].name))];
  const unsaid = unsaidOf(comparisons);
  // What was trained otherwise has no levels, and would not be told of.
  const trainings = new Set(comparisons.map(({ runs }) => runs.training));
  const names = new Set(
    comparisons.map(({ key, runs }) => `${key} ${nameCopies(runs, unsaid)}`),
  );
  const { headline, further } = comparisons.length <= MOST_IN_HEADLINE &&
      names.size === comparisons.length
    ? {
      headline: capitalise(
        comparisons.map((one) => describeChanges(one, unsaid)).join("; "),
      ),
      further: [],
    }
    : describeTendencies(comparisons) ?? {
      headline: `The effect of copies by ${
        listWords(keys)
      }: intervals without a verdict`,
      further: [],
    };
  return {
    headline,
    further: [
      ...further,
      ...foremost(comparisons).map((one) => describeEnds(one, unsaid)),
      ...saySlopes(
        analysis.claims.filter(({ arms }) =>
          arms.every(({ training }) => !trainings.has(training))
        ),
        "Change of clean accuracy for one copy per original",
      ),
      `These are findings on secondary questions, by tests that are adjusted over ${
        countOf(countDifferences(analysis.levels), "difference")
      }; they are not verdicts on claims`,
      whatLacks(analysis.claims),
    ],
  };
}

/**
 * Whether a page begins with effects by level: something was varied, with seeds for
 * intervals, and no claim was tested, for example because there were fewer seeds than
 * a verdict needs.
 */
export function leadsWithLevels(
  { claims, levels }: ReportContent["analysis"],
): boolean {
  return claims.every(({ holmP }) => holmP === null) &&
    toldComparisons(levels).length > 0;
}

/** The comparisons that are drawn with intervals: a mean of two seeds says little. */
function toldComparisons(
  levels: readonly LevelComparison[],
): LevelComparison[] {
  return drawnComparisons(levels).filter(({ levels }) =>
    levels.every(({ change }) => change.test.n >= FEWEST_FOR_INTERVALS)
  );
}

/**
 * How many differences between levels are tested, with every metric; those of one
 * seed are not.
 */
function countDifferences(levels: readonly LevelComparison[]): number {
  return levels.flatMap(({ levels }) =>
    levels.filter(({ conclusion }) => typeof conclusion?.holmP === "number")
  ).length;
}

/**
 * One comparison of each thing that was varied, the first that shows the difference
 * of which the headline speaks, otherwise the one whose difference is surest, and
 * all if there are few.
 */
function foremost(
  comparisons: readonly LevelComparison[],
): LevelComparison[] {
  if (comparisons.length <= MOST_SENTENCES) return [...comparisons];
  return [...Map.groupBy(comparisons, ({ key }) => key).values()].map((own) =>
    own.find((one) => isTold(tendencyOf(one))) ??
      own.toSorted((a, b) =>
        Number(lacksCopies(a)) - Number(lacksCopies(b)) ||
        pOfEnds(a) - pOfEnds(b)
      )[0]!
  );
}

/** Whether there is a level whose change says nothing of copies. */
const lacksCopies = ({ levels }: LevelComparison) => levels.some(hasNoCopies);

/** Whether a headline may speak of it. */
const isTold = (tendency: Tendency) =>
  tendency === "more" || tendency === "less";

/** p of the difference between the ends, not adjusted; 1 where there is none. */
function pOfEnds({ levels }: LevelComparison): number {
  const { difference } = levels.at(-1)!;
  return difference === null ? 1 : inferenceOf(difference).p ?? 1;
}

/** What is said only where it tells comparisons apart. */
const seldomSaid = [
  "model",
  "width",
  "training",
  "drawTrain",
  "budget",
  "backend",
] as const;

/** Those of these coordinates in which no comparisons differ. */
function unsaidOf(
  comparisons: readonly LevelComparison[],
): CoordinateKey[] {
  return seldomSaid.filter((key) =>
    new Set(
      comparisons.filter((one) => one.key !== key)
        .map(({ runs }) => runs[key] ?? null),
    ).size <= 1
  );
}

/** Copies, and how their runs differ from others. */
function nameCopies(
  runs: LevelComparison["runs"],
  unsaid: readonly CoordinateKey[],
): string {
  const rest = nameValues(runs, { omit: [...unsaid, "policy"] });
  const policy = String(runs.policy);
  const copies = policy.endsWith("copies") ? policy : `${policy} copies`;
  return `${copies}${rest === "" ? "" : ` (${rest})`}`;
}

/** The effects at the first and the last level, as a headline has them. */
function describeChanges(
  { key, runs, levels }: LevelComparison,
  unsaid: readonly CoordinateKey[],
): string {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  const change = ({ value, change }: typeof first) =>
    `by ${formatChange(change.test.mean)} points ${levelWords[key].at(value)}`;
  return `${nameCopies(runs, unsaid)} change clean accuracy ${
    change(first)
  }, and ${change(last)}`;
}

/**
 * Whether copies cost more or less at the last level than at the first, or as much
 * within the margin; other: a difference is shown that is none of these, such as of
 * copies that raise accuracy, or at a level before the last.
 */
type Tendency = "more" | "less" | "same" | "other" | "open";

/** The one that the findings on the differences show. */
function tendencyOf({ levels }: LevelComparison): Tendency {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  const finding = last.conclusion?.finding;
  if (finding === "lower" && last.change.test.mean < 0) return "more";
  if (finding === "higher" && first.change.test.mean < 0) return "less";
  const isShown = levels.some(({ conclusion }) =>
    conclusion?.finding === "lower" || conclusion?.finding === "higher"
  );
  if (isShown) return "other";
  return finding === "no change above the margin" ? "same" : "open";
}

/**
 * At which levels copies cost more or less accuracy than at the first, for all runs
 * with these levels or for some, which is then said. Where no difference
 * shows is part of the headline if little was varied. Nothing where no difference shows
 * at all, or where it is on one side for some runs and on the other for others.
 */
function describeTendencies(
  comparisons: readonly LevelComparison[],
): Finding | undefined {
  const found = new Map<LevelKey, Set<Tendency>>();
  for (const comparison of comparisons) {
    const { key } = comparison;
    const own = found.get(key) ?? new Set<Tendency>();
    found.set(key, own.add(tendencyOf(comparison)));
    if (own.has("more") && own.has("less")) return undefined;
  }
  const isShown = (own: Set<Tendency>) =>
    [...own].some((tendency) => tendency !== "same" && tendency !== "open");
  const where = (tendency: Tendency) => {
    const keys = [...found].filter(([, own]) =>
      own.has(tendency) &&
      (tendency !== "open" || !isShown(own)) &&
      (tendency !== "same" || own.size === 1)
    );
    const isAll = (own: Set<Tendency>) => own.size === 1 || !isShown(own);
    const wordsOf = (inAll: boolean) =>
      keys.filter(([, own]) => isAll(own) === inAll)
        .map(([key]) => levelWords[key].atLast);
    const some = wordsOf(false);
    const inSome = `${listWords(some)}${some.length > 1 ? ", each" : ""}`;
    return listWords([
      ...wordsOf(true),
      ...(some.length === 0 ? [] : [`${inSome} in some runs`]),
    ]);
  };
  const costs = (["more", "less"] as const).filter((tendency) =>
    where(tendency) !== ""
  )
    .map((tendency, i) =>
      `${tendency} ${i === 0 ? "clean accuracy " : ""}${where(tendency)}`
    );
  if (costs.length === 0) return undefined;
  const open = where("open");
  const same = where("same");
  const isShort = open !== "" && found.size <= MOST_IN_HEADLINE;
  return {
    headline: `Copies cost ${costs.join(", and ")}${
      isShort ? `; no difference is shown ${open}` : ""
    }`,
    further: [
      ...(open === "" || isShort ? [] : [`No difference is shown ${open}`]),
      ...(same === ""
        ? []
        : [`The difference is shown to be within the margin ${same}`]),
    ],
  };
}

/** The effects at the first and the last level, and their difference. */
function describeEnds(
  { key, runs, ratio, levels }: LevelComparison,
  unsaid: readonly CoordinateKey[],
): string {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  const own = nameValues(runs, { omit: unsaid });
  return `Change of clean accuracy${
    ratio === null ? "" : ` at ratio ${ratio}`
  }${own === "" ? "" : `, ${own}`}: ${sayPoints(first.change)} ${
    levelWords[key].at(first.value)
  }, ${sayPoints(last.change)} ${levelWords[key].at(last.value)}${
    last.difference === null
      ? ""
      : `; the second minus the first is ${sayPoints(last.difference)}${
        sayConclusion(last)
      }`
  }`;
}

/** What the difference shows, with the p-value or the power that says so. */
function sayConclusion(
  { difference, conclusion }: LevelComparison["levels"][number],
): string {
  if (!conclusion || difference === null) return "";
  const { finding, holmP, equivalenceHolmP } = conclusion;
  const { detectable } = inferenceOf(difference);
  switch (finding) {
    case "no change above the margin":
      return `, within the margin (adjusted p ${relateP(equivalenceHolmP!)})`;
    case "inconclusive":
      return detectable === null
        ? ", inconclusive"
        : `, inconclusive (80 % power from ${detectable.toFixed(1)} points)`;
    default:
      return `, ${finding} (adjusted p ${relateP(holmP!)})`;
  }
}
