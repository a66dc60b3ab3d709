import { countOf } from "../core/count_of.ts";
import type { ConditionContrast } from "../analysis/condition_contrasts.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import type { CoordinateValue } from "../spec/axis.ts";
import { accuracyOutcomes } from "./accuracy_outcomes.ts";
import { armKeys, coordinateOf, sayValue } from "./arm_words.ts";
import type { PairSide } from "./draw_pairs.ts";
import { type Figure, type FigurePanel, slug } from "./figure.ts";
import { describeMetric, joinSentences } from "./figure_captions.ts";
import {
  describePairs,
  drawPairsPanels,
  type PairedRuns,
  pairsTable,
} from "./pairs_figure.ts";
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
    panels.push(
      ...await drawPairsPanels(contrasts.map(pairedRuns), {
        margin,
        nameOf: (runs) => {
          const { n } = runs.effect.test;
          return {
            id: slug(`${id} ${runs.title}`),
            alt: `${runs.title}. ${
              capitalised(describePairs(runs))
            }, paired by ${countOf(n, "seed")}.`,
          };
        },
      }),
    );
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
      captionPairs(contrasts, margin),
    ),
    panels,
    table: pairsTable(contrasts.map(pairedRuns), "condition"),
  };
}

/** A contrast as the pairs of a panel. */
function pairedRuns(
  { title, contrast }: TitledContrast,
): PairedRuns {
  const { key, value, usual, pairs, mean, usualMean } = contrast;
  return {
    title,
    sides: [sideOf(key, usual), sideOf(key, value)],
    pairs: pairs.map(({ seed, accuracy, usualAccuracy }) => ({
      seed,
      values: [usualAccuracy, accuracy],
    })),
    means: [usualMean, mean],
    effect: contrast,
  };
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

function sideOf(key: CoordinateKey, value: CoordinateValue): PairSide {
  const { mark } = coordinateOf(key).terms?.[`${value}`] ?? {};
  return { name: sayValue(key, value), style: styleOf(mark ?? "circle") };
}

function captionPairs(
  contrasts: readonly TitledContrast[],
  margin: number,
): string {
  const counts = contrasts.map(({ contrast: { test } }) => test.n);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return joinSentences(
    "Left, each line is one seed under the two conditions; the axis does not start at 0.",
    most === 1
      ? "Right, the difference; one seed has no interval."
      : "Right, the difference of each seed, and the mean difference with its 95 % interval, which is not adjusted for the number of comparisons.",
    fewest === 2 ? "With two seeds it may be wider than the plot." : "",
    `The grey band is the margin, ${
      countOf(margin, "point")
    } to both sides of 0.`,
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
