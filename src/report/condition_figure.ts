import { inferenceOf } from "../analysis/effect.ts";
import type { ConditionContrast } from "../analysis/condition_contrasts.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import type { CoordinateValue } from "../spec/axis.ts";
import { accuracyOutcomes } from "./accuracy_outcomes.ts";
import { armKeys, coordinateOf, sayValue } from "./arm_words.ts";
import { bandOf } from "./band.ts";
import { formatBand } from "./band_table.ts";
import { drawPairsPanel, type PairSide } from "./draw_pairs.ts";
import {
  type Figure,
  type FigurePanel,
  type FigureTable,
  slug,
} from "./figure.ts";
import { describeMetric, joinSentences } from "./figure_captions.ts";
import { formatChange } from "./format_change.ts";
import { domainOf } from "./line_figure.ts";
import { styleOf } from "./palette.ts";
import type { StudyReport } from "./report_series.ts";

/** A contrast and the title of its panel. */
interface TitledContrast {
  title: string;
  contrast: ConditionContrast;
}

/**
 * Draws runs under two conditions, such as with and without duplicates: a panel
 * for each contrast and outcome; nothing where no conditions were compared.
 *
 * @param margin Smallest change of accuracy that matters, in points.
 */
export async function drawConditionFigure(
  report: StudyReport,
  margin: number,
): Promise<Figure | undefined> {
  const { conditions, study } = report;
  if (conditions.length === 0) return undefined;
  const heading = "Accuracy under the conditions compared";
  const id = slug(`${study} ${heading}`);
  const drawn = accuracyOutcomes.map(({ metric, shown, title: outcome }) => ({
    shown,
    outcome,
    contrasts: titled(
      conditions.filter((one) => one.metric === metric),
      outcome,
    ),
  })).filter(({ contrasts }) => contrasts.length > 0);
  const panels: FigurePanel[] = [];
  for (const { contrasts } of drawn) {
    panels.push(...await drawPanels(contrasts, { id, margin }));
  }
  const contrasts = drawn.flatMap(({ contrasts }) => contrasts);
  return {
    id,
    heading,
    caption: joinSentences(
      ...drawn.map(({ shown, outcome }) =>
        `${capitalised(outcome)}: ${
          describeMetric(shown, report).replace(/^P/, "p")
        }`
      ),
      describePairs(contrasts, margin),
    ),
    panels,
    table: pairsTable(contrasts),
  };
}

/** The panels of one outcome, all on the same scales. */
async function drawPanels(
  contrasts: readonly TitledContrast[],
  { id, margin }: { id: string; margin: number },
): Promise<FigurePanel[]> {
  const domain = domainOf(
    contrasts.flatMap(({ contrast: { pairs } }) =>
      pairs.flatMap(({ accuracy, usualAccuracy }) => [
        bandOf([accuracy]),
        bandOf([usualAccuracy]),
      ])
    ),
    false,
  );
  const reach = reachOf(contrasts, margin);
  const panels: FigurePanel[] = [];
  for (const { title, contrast } of contrasts) {
    const { key, value, usual, pairs, mean, usualMean, test: { n } } = contrast;
    const sides = [sideOf(key, usual), sideOf(key, value)] as const;
    const panel = {
      title,
      sides,
      pairs: pairs.map(({ seed, accuracy, usualAccuracy }) => ({
        seed,
        values: [usualAccuracy, accuracy] as const,
      })),
      difference: differenceOf(contrast),
      margin,
      domain,
      reach,
    };
    panels.push({
      id: slug(`${id} ${title}`),
      title,
      alt: `${title}. ${capitalised(sides[0].name)}: ${percent(usualMean)} %; ${
        sides[1].name
      }: ${percent(mean)} %; difference ${
        formatBand(differenceOf(contrast), formatChange, " points")
      }, paired by ${n} ${n === 1 ? "seed" : "seeds"}.`,
      inline: await drawPairsPanel(panel, { alone: false }),
      standalone: await drawPairsPanel(panel, { alone: true }),
    });
  }
  return panels;
}

/** Titles by all in which contrasts differ; equal ones are numbered. */
function titled(
  contrasts: readonly ConditionContrast[],
  outcome: string,
): TitledContrast[] {
  // How duplicates are made applies above ratio 0 only.
  const valueOf = ({ runs, ratio }: ConditionContrast, key: CoordinateKey) =>
    ratio === 0 && coordinateOf(key).role === "duplication"
      ? null
      : runs[key] ?? null;
  const varying = armKeys.filter((key) => {
    const values = contrasts.map((one) => valueOf(one, key));
    return new Set(values.filter((value) => value !== null)).size > 1;
  });
  const values = new Set(contrasts.map(({ key, value }) => `${key} ${value}`));
  const titles = contrasts.map((contrast) => {
    const { key, value, ratio } = contrast;
    return [
      capitalised(outcome),
      // The axis of a panel names its conditions, too.
      values.size > 1 ? sayValue(key, value) : "",
      `ratio ${ratio}`,
      ...varying.filter((other) => other !== key)
        .map((other) => sayValue(other, valueOf(contrast, other))),
    ].filter((text) => text !== "").join(" · ");
  });
  return contrasts.map((contrast, at) => {
    const title = titles[at]!;
    const same = titles.flatMap((other, i) => other === title ? [i] : []);
    return {
      contrast,
      title: same.length === 1
        ? title
        : `${title} · protocol ${same.indexOf(at) + 1}`,
    };
  });
}

/** Range that holds 0, every difference, and intervals of three seeds or more. */
function reachOf(
  contrasts: readonly TitledContrast[],
  margin: number,
): [low: number, high: number] {
  const ends = contrasts.flatMap(({ contrast }) => {
    const { low, high } = differenceOf(contrast);
    return [
      ...contrast.pairs.map(differenceOfPair),
      ...(contrast.test.n > 2 ? [low!, high!] : []),
    ];
  });
  let [least, most] = [0, 0];
  for (const end of ends) {
    least = Math.min(least, end);
    most = Math.max(most, end);
  }
  const pad = 0.08 * (most - least);
  return [
    Math.min(least - pad, -1.25 * margin),
    Math.max(most + pad, 1.25 * margin),
  ];
}

function sideOf(key: CoordinateKey, value: CoordinateValue): PairSide {
  const { mark } = coordinateOf(key).terms?.[`${value}`] ?? {};
  return { name: sayValue(key, value), style: styleOf(mark ?? "circle") };
}

function differenceOf(
  contrast: ConditionContrast,
): { mean: number; low: number | null; high: number | null } {
  const [low, high] = inferenceOf(contrast).interval ?? [null, null];
  return { mean: contrast.test.mean, low, high };
}

function differenceOfPair(
  { accuracy, usualAccuracy }: ConditionContrast["pairs"][number],
): number {
  return accuracy - usualAccuracy;
}

function describePairs(
  contrasts: readonly TitledContrast[],
  margin: number,
): string {
  const counts = contrasts.map(({ contrast: { test } }) => test.n);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return joinSentences(
    "Left, each line is one seed under the two conditions; the axis does not start at 0.",
    most === 1
      ? "Right, the difference; one seed has no interval."
      : "Right, the difference of each seed, and the mean difference with its 95 % interval.",
    fewest === 2 ? "With two seeds it may be wider than the plot." : "",
    `The grey band is the margin, ${margin} ${
      margin === 1 ? "point" : "points"
    } to both sides of 0.`,
  );
}

/** Accuracies and differences of every seed; intervals of the differences only. */
function pairsTable(contrasts: readonly TitledContrast[]): FigureTable {
  const seeds = [
    ...new Set(
      contrasts.flatMap(({ contrast }) => contrast.pairs.map((p) => p.seed)),
    ),
  ].sort((a, b) => a - b);
  return {
    caption:
      "Percent of the test images; differences, and their 95 % interval, in points",
    head: ["runs", "condition", "mean", ...seeds.map((seed) => `seed ${seed}`)],
    rows: contrasts.flatMap(({ title, contrast }) => {
      const { key, value, usual, pairs, mean, usualMean } = contrast;
      const row = (
        name: string,
        mean: string,
        valueOf: (pair: ConditionContrast["pairs"][number]) => string,
      ) => [
        title,
        name,
        mean,
        ...seeds.map((seed) => {
          const pair = pairs.find((pair) => pair.seed === seed);
          return pair === undefined ? "" : valueOf(pair);
        }),
      ];
      return [
        row(
          sayValue(key, usual),
          percent(usualMean),
          (pair) => percent(pair.usualAccuracy),
        ),
        row(
          sayValue(key, value),
          percent(mean),
          (pair) => percent(pair.accuracy),
        ),
        row(
          "difference",
          formatBand(differenceOf(contrast), formatChange),
          (pair) => formatChange(differenceOfPair(pair)),
        ),
      ];
    }),
  };
}

function percent(points: number): string {
  return points.toFixed(1);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
