import { largest } from "../core/extremes.ts";
import { type CurveStyle, heatFills, heatInk } from "./palette.ts";
import { formatChange } from "../core/format_change.ts";
import type { LearningPoint } from "./learning_curves.ts";
import { drawingConfig, renderSvg } from "./render_svg.ts";
import type { BandPoint } from "./report_series.ts";

/** A curve of a panel. */
export interface Curve {
  /** As the legend has it; one name has one style in a figure. */
  name: string;
  /** How it is drawn. */
  style: CurveStyle;
  /** Whether no line joins its points. */
  isPointsOnly?: boolean;
  /** Its points, ascending by ratio or step. */
  points: readonly (BandPoint | LearningPoint)[];
}

/** One plot of small multiples. */
export interface LinePanel {
  /** Title of the file that holds this panel alone. */
  title: string;
  /** Its curves. */
  curves: readonly Curve[];
  /** Name of the vertical axis. */
  yTitle: string;
  /** Range of the vertical axis, the same in all panels of a figure. */
  domain: readonly [low: number, high: number];
}

/** Seeds from which on intervals are drawn. */
export const FEWEST_FOR_INTERVALS = 3;

/** Distance of two curves' points at one ratio, as a share of the axis. */
const SHIFT = 0.015;

function placeOf(point: BandPoint | LearningPoint): number {
  return "ratio" in point ? point.ratio : point.steps;
}

/**
 * Draws a panel as SVG: means as points and lines, 95 % intervals as bars where
 * points are ratios and as bands during training. All are clipped at the edge of
 * the plot.
 *
 * @param options `alone`: with title and legend, as a file of its own.
 */
export async function drawPanel(
  { title, curves, yTitle, domain }: LinePanel,
  { alone }: { alone: boolean },
): Promise<string> {
  const isByRatio = curves.every(({ points }) =>
    points.every((point) => "ratio" in point)
  );
  const farthest = largest(
    curves.flatMap(({ points }) => points.map(placeOf)),
  );
  const rows = curves.flatMap(({ name, points, isPointsOnly }, at) =>
    points.map((point) => ({
      name,
      hasLine: isPointsOnly !== true,
      x: placeOf(point),
      // Intervals of several curves at one ratio stand next to each other.
      shifted: placeOf(point) +
        SHIFT * farthest * (at - (curves.length - 1) / 2),
      mean: point.mean,
      // With two seeds an interval says nothing and fills the plot.
      low: point.seeds < FEWEST_FOR_INTERVALS ? null : point.low,
      high: point.seeds < FEWEST_FOR_INTERVALS ? null : point.high,
    }))
  );
  const names = [...new Set(rows.map(({ name }) => name))];
  const style = names.map((name) =>
    curves.find((curve) => curve.name === name)!.style
  );
  const legend = alone
    ? { title: null, symbolOpacity: 1, symbolStrokeWidth: 0, columns: 1 }
    : null;
  const scaleOf = (range: unknown[]) => ({ domain: names, range });
  const ratios = [...new Set(rows.map(({ x }) => x))].sort((a, b) => a - b);
  const x = {
    field: "x",
    type: "quantitative",
    scale: { nice: false, zero: true, padding: 8 },
    axis: {
      title: isByRatio ? "ratio (copies per original image)" : "gradient steps",
      values: isByRatio && ratios.length <= 7 ? ratios : undefined,
      grid: false,
      tickCount: 6,
      format: isByRatio ? "~g" : ",d",
    },
  };
  const scale = { domain, nice: false, zero: false };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale,
    axis: { title: yTitle, tickCount: 5, domain: false, ticks: false },
  });
  const colour = {
    field: "name",
    type: "nominal",
    scale: scaleOf(style.map(({ light }) => light)),
    legend,
  };
  const shape = {
    field: "name",
    type: "nominal",
    scale: scaleOf(style.map(({ shape }) => shape)),
    legend,
  };
  const spec = {
    ...(alone && { title }),
    width: 250,
    height: 170,
    data: { values: rows },
    layer: [
      ...(isByRatio
        ? [{
          transform: [{ filter: "isValid(datum.low)" }],
          mark: { type: "rule", strokeWidth: 1.5, clip: true },
          encoding: {
            x: { ...x, field: "shifted" },
            y: y("low"),
            y2: { field: "high" },
            color: colour,
          },
        }]
        : [{
          transform: [{ filter: "isValid(datum.low)" }],
          mark: { type: "area", fillOpacity: 0.14, clip: true },
          encoding: { x, y: y("low"), y2: { field: "high" }, color: colour },
        }]),
      {
        transform: [{ filter: "datum.hasLine" }],
        mark: { type: "line", strokeWidth: 2, clip: true },
        encoding: {
          x,
          y: y("mean"),
          color: colour,
          strokeDash: {
            field: "name",
            type: "nominal",
            scale: scaleOf(style.map(({ dash }) => dash)),
            legend,
          },
        },
      },
      {
        mark: {
          type: "point",
          filled: true,
          size: 46,
          opacity: 1,
          clip: false,
        },
        encoding: {
          x: isByRatio ? { ...x, field: "shifted" } : x,
          y: y("mean"),
          color: colour,
          shape,
        },
      },
    ],
    config: drawingConfig,
  };
  return await renderSvg(spec);
}

/** A heat map of changes of accuracy, in points. */
export interface HeatPanel {
  /** Title of the file that holds this panel alone. */
  title: string;
  /** Its cells. */
  cells: readonly { name: string; ratio: number; mean: number }[];
  /** Names of the classes, in the order of the rows. */
  names: readonly string[];
  /** Largest change of all panels, in points; above 0. */
  reach: number;
}

/** Draws a heat map as SVG, with a number in each cell. */
export async function drawHeatPanel(
  { title, cells, names, reach }: HeatPanel,
  { alone }: { alone: boolean },
): Promise<string> {
  const half = (heatFills.length - 1) / 2;
  const values = cells.map(({ name, ratio, mean }) => ({
    name,
    ratio: String(ratio),
    text: formatChange(mean),
    // By the square root, so that one large change does not make all others pale.
    fill: heatFills[
      half + Math.round(
        half * Math.sign(mean) * Math.sqrt(Math.abs(mean) / reach),
      )
    ]!,
  }));
  const ratios = [...new Set(cells.map(({ ratio }) => ratio))]
    .sort((a, b) => a - b).map(String);
  const encoding = {
    x: {
      field: "ratio",
      type: "nominal",
      sort: ratios,
      axis: {
        title: "ratio (copies per original image)",
        labelAngle: 0,
        domain: false,
        ticks: false,
      },
    },
    y: {
      field: "name",
      type: "nominal",
      sort: names,
      axis: { title: null, domain: false, ticks: false },
    },
  };
  return await renderSvg({
    ...(alone && { title }),
    width: Math.max(150, 44 * ratios.length),
    height: 22 * names.length,
    data: { values },
    layer: [
      {
        mark: "rect",
        encoding: {
          ...encoding,
          color: { field: "fill", type: "nominal", scale: null },
        },
      },
      {
        mark: { type: "text", color: heatInk, fontSize: 11.5 },
        encoding: { ...encoding, text: { field: "text", type: "nominal" } },
      },
    ],
    config: {
      ...drawingConfig,
      scale: { bandPaddingInner: 0.04, bandPaddingOuter: 0 },
    },
  });
}
