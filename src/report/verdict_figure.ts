import { countOf } from "../core/count_of.ts";
import type { ArmContrast, Verdict } from "../analysis/verdict.ts";
import type { PairSide } from "./draw_pairs.ts";
import type { Figure } from "./figure.ts";
import {
  describePairs,
  drawPairsPanels,
  type PairedRuns,
  pairsTable,
} from "./pairs_figure.ts";
import { styleOf } from "./palette.ts";

/** The arms of a paired study, as axes and tables call them. */
const arms = {
  cleaned: { name: "cleaned", style: styleOf("triangle-up") },
  asIs: { name: "as they are", style: styleOf("circle") },
  more: { name: "more duplicates", style: styleOf("square") },
} as const satisfies Record<string, PairSide>;

/**
 * Draws a paired study: the duplicates that were found, then those that were added,
 * each against the same images without them, so that above 0 they raise accuracy.
 */
export async function drawVerdictFigure(verdict: Verdict): Promise<Figure> {
  const { own, more, margin } = verdict;
  const all: PairedRuns[] = [
    ...(own
      ? [pairedRuns("The duplicates in these images", own, [
        arms.cleaned,
        arms.asIs,
      ])]
      : []),
    ...(more
      ? [
        pairedRuns(
          own ? "As many duplicates added" : "Duplicates added to these images",
          more,
          [arms.asIs, arms.more],
        ),
      ]
      : []),
  ];
  return {
    id: "verdict",
    heading: "Effect of the duplicates on accuracy",
    caption:
      `Accuracy on ${verdict.testRows} test images without a duplicate among the training images. Left, each line is one seed; the axis does not start at 0. Right, the change with duplicates, of each seed and in the mean with its 95 % interval: above 0 they raise accuracy. The grey band is the margin, ${
        countOf(margin, "point")
      } to both sides of 0.`,
    panels: await drawPairsPanels(all, {
      margin,
      nameOf: (runs, i) => ({
        id: `verdict-${i + 1}`,
        alt: `${runs.title}. ${describePairs(runs)}.`,
      }),
    }),
    table: pairsTable(all, "images"),
  };
}

function pairedRuns(
  title: string,
  { pairs, mean, otherMean, effect }: ArmContrast,
  sides: PairedRuns["sides"],
): PairedRuns {
  return {
    title,
    sides,
    pairs: pairs.map(({ seed, accuracy, otherAccuracy }) => ({
      seed,
      values: [otherAccuracy, accuracy],
    })),
    means: [otherMean, mean],
    effect,
  };
}
