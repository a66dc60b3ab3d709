import { type EffectTest, inferenceOf } from "../analysis/effect.ts";
import { bandOf } from "./band.ts";
import { formatBand } from "./band_table.ts";
import {
  drawPairsPanel,
  type PairSide,
  type PairsPanel,
} from "./draw_pairs.ts";
import type { FigurePanel, FigureTable } from "./figure.ts";
import { formatChange } from "../core/format_change.ts";
import { domainOf } from "./line_figure.ts";

/** Runs under two conditions, paired by seed, and what was tested of them. */
export interface PairedRuns {
  /** Title of their panel. */
  readonly title: string;
  /** The reference, then what is compared with it. */
  readonly sides: readonly [usual: PairSide, other: PairSide];
  /** Accuracies of each seed, in percent, in the order of the sides. */
  readonly pairs: PairsPanel["pairs"];
  /** Their means, in the order of the sides. */
  readonly means: readonly [number, number];
  /** The test of the mean difference. */
  readonly effect: EffectTest;
}

/** The panels of paired runs, all on the same scales. */
export async function drawPairsPanels<Runs extends PairedRuns>(
  all: readonly Runs[],
  { margin, nameOf }: {
    /** Smallest change of accuracy that matters, in points. */
    margin: number;
    /** Id and alternative text of a panel. */
    nameOf: (runs: Runs, index: number) => Pick<FigurePanel, "id" | "alt">;
  },
): Promise<FigurePanel[]> {
  const domain = domainOf(
    all.flatMap(({ pairs }) =>
      pairs.flatMap(({ values }) => values.map((value) => bandOf([value])))
    ),
    false,
  );
  const reach = reachOf(all, margin);
  const panels: FigurePanel[] = [];
  for (const [i, runs] of all.entries()) {
    const { title, sides, pairs, effect } = runs;
    const difference = differenceOf(effect);
    const panel = { title, sides, pairs, difference, margin, domain, reach };
    panels.push({
      ...nameOf(runs, i),
      title,
      inline: await drawPairsPanel(panel, { alone: false }),
      standalone: await drawPairsPanel(panel, { alone: true }),
    });
  }
  return panels;
}

/** Both means and their difference with its interval, in words. */
export function describePairs({ sides, means, effect }: PairedRuns): string {
  const [usual, other] = sides.map(({ name }, i) =>
    `${name}: ${percent(means[i]!)} %`
  );
  return `${usual}; ${other}; difference ${
    formatBand(differenceOf(effect), formatChange, " points")
  }`;
}

/**
 * Accuracies and differences of every seed; intervals of the differences only.
 *
 * @param what Head of the column that names the two sides.
 */
export function pairsTable(
  all: readonly PairedRuns[],
  what: string,
): FigureTable {
  const seeds = [
    ...new Set(all.flatMap(({ pairs }) => pairs.map(({ seed }) => seed))),
  ].sort((a, b) => a - b);
  return {
    caption:
      "Percent of the test images; differences, and their 95 % interval, in points",
    head: ["runs", what, "mean", ...seeds.map((seed) => `seed ${seed}`)],
    rows: all.flatMap(({ title, sides, pairs, means, effect }) => {
      const row = (
        name: string,
        mean: string,
        valueOf: (values: readonly [number, number]) => string,
      ) => [
        title,
        name,
        mean,
        ...seeds.map((seed) => {
          const pair = pairs.find((pair) => pair.seed === seed);
          return pair === undefined ? "" : valueOf(pair.values);
        }),
      ];
      return [
        row(sides[0].name, percent(means[0]), ([usual]) => percent(usual)),
        row(sides[1].name, percent(means[1]), ([, other]) => percent(other)),
        row(
          "difference",
          formatBand(differenceOf(effect), formatChange),
          (values) => formatChange(changeOf(values)),
        ),
      ];
    }),
  };
}

/** Range that holds 0, every difference, and intervals of three seeds or more. */
function reachOf(
  all: readonly PairedRuns[],
  margin: number,
): [low: number, high: number] {
  const ends = all.flatMap(({ pairs, effect }) => {
    const { low, high } = differenceOf(effect);
    return [
      ...pairs.map(({ values }) => changeOf(values)),
      ...(effect.test.n > 2 ? [low!, high!] : []),
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

function differenceOf(effect: EffectTest): PairsPanel["difference"] {
  const [low, high] = inferenceOf(effect).interval ?? [null, null];
  return { mean: effect.test.mean, low, high };
}

function changeOf([usual, other]: readonly [number, number]): number {
  return other - usual;
}

function percent(points: number): string {
  return points.toFixed(1);
}
