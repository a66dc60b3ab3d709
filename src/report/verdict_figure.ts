import { inferenceOf } from "../analysis/effect.ts";
import type { ArmContrast, Verdict } from "../analysis/verdict.ts";
import { bandOf } from "./band.ts";
import { formatBand } from "./band_table.ts";
import { drawPairsPanel, type PairSide } from "./draw_pairs.ts";
import type { Figure, FigurePanel } from "./figure.ts";
import { formatChange } from "./format_change.ts";
import { domainOf } from "./line_figure.ts";
import { styleOf } from "./palette.ts";

/** The arms of a paired study, as axes and tables call them. */
const arms = {
  cleaned: { name: "cleaned", style: styleOf("triangle-up") },
  asIs: { name: "as they are", style: styleOf("circle") },
  more: { name: "more duplicates", style: styleOf("square") },
} as const satisfies Record<string, PairSide>;

/** A contrast, what it is of, and its sides. */
interface Drawn {
  readonly title: string;
  readonly sides: readonly [PairSide, PairSide];
  readonly contrast: ArmContrast;
}

/**
 * Draws a paired study: the duplicates that were found, then those that were added,
 * each against the same images without them, so that above 0 they raise accuracy.
 */
export async function drawVerdictFigure(verdict: Verdict): Promise<Figure> {
  const { own, more, margin } = verdict;
  const drawn: Drawn[] = [
    ...(own
      ? [{
        title: "The duplicates in these images",
        sides: [arms.cleaned, arms.asIs] as const,
        contrast: own,
      }]
      : []),
    ...(more
      ? [{
        title: "As many duplicates again",
        sides: [arms.asIs, arms.more] as const,
        contrast: more,
      }]
      : []),
  ];
  const domain = domainOf(
    drawn.flatMap(({ contrast: { pairs } }) =>
      pairs.flatMap(({ accuracy, otherAccuracy }) => [
        bandOf([accuracy]),
        bandOf([otherAccuracy]),
      ])
    ),
    false,
  );
  const reach = reachOf(drawn, margin);
  const panels: FigurePanel[] = [];
  for (const [i, { title, sides, contrast }] of drawn.entries()) {
    const panel = {
      title,
      sides,
      pairs: contrast.pairs.map(({ seed, accuracy, otherAccuracy }) => ({
        seed,
        values: [otherAccuracy, accuracy] as const,
      })),
      difference: differenceOf(contrast),
      margin,
      domain,
      reach,
    };
    panels.push({
      id: `verdict-${i + 1}`,
      title,
      alt: `${title}. ${sides[0].name}: ${contrast.otherMean.toFixed(1)} %; ${
        sides[1].name
      }: ${contrast.mean.toFixed(1)} %; difference ${
        formatBand(panel.difference, formatChange, " points")
      }.`,
      inline: await drawPairsPanel(panel, { alone: false }),
      standalone: await drawPairsPanel(panel, { alone: true }),
    });
  }
  return {
    id: "verdict",
    heading: "What the duplicates do to accuracy",
    caption:
      `Accuracy on ${verdict.testRows} test images without a duplicate among the training images. Left, each line is one seed; the axis does not start at 0. Right, the change with duplicates, of each seed and in the mean with its 95 % interval: above 0 they raise accuracy. The grey band is the margin, ${margin} ${
        margin === 1 ? "point" : "points"
      } to both sides of 0.`,
    panels,
    table: tableOf(drawn),
  };
}

function differenceOf({ effect }: ArmContrast) {
  const [low, high] = inferenceOf(effect).interval ?? [null, null];
  return { mean: effect.test.mean, low, high };
}

/** Range that holds 0, the margin, every difference, and intervals of three seeds. */
function reachOf(
  drawn: readonly Drawn[],
  margin: number,
): [low: number, high: number] {
  const ends = drawn.flatMap(({ contrast }) => {
    const { low, high } = differenceOf(contrast);
    return [
      ...contrast.pairs.map((pair) => pair.accuracy - pair.otherAccuracy),
      ...(contrast.pairs.length > 2 ? [low!, high!] : []),
    ];
  });
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const pad = 0.08 * (most - least);
  return [
    Math.min(least - pad, -1.25 * margin),
    Math.max(most + pad, 1.25 * margin),
  ];
}

function tableOf(drawn: readonly Drawn[]): Figure["table"] {
  const seeds = [
    ...new Set(
      drawn.flatMap(({ contrast }) => contrast.pairs.map(({ seed }) => seed)),
    ),
  ].sort((a, b) => a - b);
  return {
    caption:
      "Percent of the test images; differences, and their 95 % interval, in points",
    head: ["runs", "images", "mean", ...seeds.map((seed) => `seed ${seed}`)],
    rows: drawn.flatMap(({ title, sides, contrast }) => {
      const row = (
        name: string,
        mean: string,
        valueOf: (pair: ArmContrast["pairs"][number]) => string,
      ) => [
        title,
        name,
        mean,
        ...seeds.map((seed) => {
          const pair = contrast.pairs.find((one) => one.seed === seed);
          return pair === undefined ? "" : valueOf(pair);
        }),
      ];
      const { mean, otherMean } = contrast;
      return [
        row(
          sides[0].name,
          otherMean.toFixed(1),
          ({ otherAccuracy }) => otherAccuracy.toFixed(1),
        ),
        row(
          sides[1].name,
          mean.toFixed(1),
          ({ accuracy }) => accuracy.toFixed(1),
        ),
        row(
          "difference",
          formatBand(differenceOf(contrast), formatChange),
          ({ accuracy, otherAccuracy }) =>
            formatChange(accuracy - otherAccuracy),
        ),
      ];
    }),
  };
}
