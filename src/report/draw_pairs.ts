import { formatChange } from "../core/format_change.ts";
import { type CurveStyle, ink } from "./palette.ts";
import { drawingConfig, renderSvg } from "./render_svg.ts";

/** One of the two conditions of a plot of pairs. */
export interface PairSide {
  /** What the axis calls it. */
  name: string;
  /** How its points are drawn. */
  style: CurveStyle;
}

/** A plot of runs under two conditions, paired by seed. */
export interface PairsPanel {
  /** Title of the file that holds this panel alone. */
  title: string;
  /** The reference, then what is compared with it. */
  sides: readonly [usual: PairSide, other: PairSide];
  /** Accuracies of each seed, in percent, in the order of the sides. */
  pairs: readonly { seed: number; values: readonly [number, number] }[];
  /** The mean difference, other minus usual, and its interval, in points. */
  difference: { mean: number; low: number | null; high: number | null };
  /** Smallest change that matters, in points. */
  margin: number;
  /** Range of the accuracies, the same in all panels of a figure. */
  domain: readonly [low: number, high: number];
  /** Range of the differences, the same in all panels of a figure. */
  reach: readonly [low: number, high: number];
}

const HEIGHT = 170;

/** Columns of the plot of differences; names have their line breaks. */
const [EACH, MEAN] = ["each\nseed", "mean,\n95 %\ninterval"];

/**
 * Draws pairs as SVG (after Gardner and Altman 1986, BMJ 292): left, the
 * accuracies of each seed, joined by a line; right, their differences, and the
 * mean difference with its interval. No bands, as seeds are few.
 *
 * @param options `alone`: with title, as a file of its own.
 */
export async function drawPairsPanel(
  panel: PairsPanel,
  { alone }: { alone: boolean },
): Promise<string> {
  return await renderSvg({
    ...(alone && { title: panel.title }),
    spacing: 4,
    hconcat: [accuracyPlot(panel), differencePlot(panel)],
    config: drawingConfig,
  });
}

/** A column for each name, with the name below it. */
function columnsOf(names: readonly string[]) {
  return {
    field: "column",
    type: "nominal",
    sort: names,
    // Without this, a layer of one column would have a scale of one column.
    scale: { type: "point", domain: names, padding: 0.5 },
    axis: {
      title: null,
      labelAngle: 0,
      labelExpr: "split(datum.value, '\\n')",
      labelLimit: 0,
      labelPadding: 8,
      domain: false,
      ticks: false,
      grid: false,
    },
  };
}

function accuracyPlot({ sides, pairs, domain }: PairsPanel) {
  const columns = sides.map(({ name }) => name.replaceAll(" ", "\n"));
  const x = columnsOf(columns);
  const y = {
    field: "value",
    type: "quantitative",
    scale: { domain, nice: false, zero: false },
    axis: { title: "accuracy, %", tickCount: 5, domain: false, ticks: false },
  };
  return {
    width: 108,
    height: HEIGHT,
    data: {
      values: pairs.flatMap(({ seed, values }) =>
        sides.map(({ style }, i) => ({
          seed,
          column: columns[i]!,
          value: values[i]!,
          colour: style.light,
          shape: style.shape,
        }))
      ),
    },
    layer: [
      {
        mark: { type: "line", color: ink.quiet, strokeWidth: 1, opacity: 0.7 },
        encoding: { x, y, detail: { field: "seed", type: "nominal" } },
      },
      {
        mark: { type: "point", filled: true, size: 46, opacity: 1 },
        encoding: {
          x,
          y,
          color: { field: "colour", type: "nominal", scale: null },
          shape: { field: "shape", type: "nominal", scale: null },
        },
      },
    ],
  };
}

function differencePlot(
  { sides: [, other], pairs, difference, margin, reach }: PairsPanel,
) {
  const x = columnsOf([EACH, MEAN]);
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: reach, nice: false, zero: false },
    axis: {
      title: "difference, points",
      tickCount: 5,
      domain: false,
      ticks: false,
      grid: false,
      format: "+~f",
      labelExpr: "datum.value === 0 ? '0' : datum.label",
    },
  });
  const { mean, low, high } = difference;
  const { light, shape } = other.style;
  return {
    width: 84,
    height: HEIGHT,
    layer: [
      {
        data: { values: [{ low: -margin, high: margin }] },
        mark: { type: "rect", color: ink.grid, opacity: 0.75, clip: true },
        encoding: { y: y("low"), y2: { field: "high" } },
      },
      {
        data: { values: [{ value: 0 }] },
        mark: { type: "rule", color: ink.quiet, strokeWidth: 1 },
        encoding: { y: y("value") },
      },
      {
        data: {
          values: pairs.map(({ values: [usual, value] }) => ({
            column: EACH,
            value: value - usual,
          })),
        },
        mark: {
          type: "point",
          size: 34,
          color: light,
          shape: "circle",
          strokeWidth: 1.4,
          opacity: 1,
        },
        encoding: { x, y: y("value") },
      },
      ...(low === null ? [] : [{
        data: { values: [{ column: MEAN, low, high }] },
        mark: { type: "rule", color: light, strokeWidth: 2.5, clip: true },
        encoding: { x, y: y("low"), y2: { field: "high" } },
      }]),
      {
        data: { values: [{ column: MEAN, value: mean }] },
        mark: {
          type: "point",
          filled: true,
          size: 80,
          color: light,
          shape,
          opacity: 1,
        },
        encoding: { x, y: y("value") },
      },
      {
        data: {
          values: [{ column: MEAN, value: mean, text: formatChange(mean) }],
        },
        mark: {
          type: "text",
          align: "left",
          dx: 8,
          fontSize: 12,
          fontWeight: 600,
          color: ink.text,
        },
        encoding: {
          x,
          y: y("value"),
          text: { field: "text", type: "nominal" },
        },
      },
    ],
  };
}
