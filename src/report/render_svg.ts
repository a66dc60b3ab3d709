import type { TopLevelSpec } from "vega-lite";
import { ink } from "./palette.ts";
import { estimateTextWidth, type TextStyle, wrapText } from "./text_width.ts";

const FONT = "system-ui, sans-serif";

/** Fonts, ink and axes of every drawing, for Vega-Lite. */
export const drawingConfig = {
  background: "transparent",
  font: FONT,
  view: { stroke: null },
  padding: 4,
  axis: {
    labelColor: ink.quiet,
    titleColor: ink.text,
    gridColor: ink.grid,
    domainColor: ink.quiet,
    tickColor: ink.quiet,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: {
    labelColor: ink.text,
    labelFontSize: 12,
    labelLimit: 0,
    orient: "bottom",
    symbolSize: 60,
  },
  title: { color: ink.text, fontSize: 13, fontWeight: 600, anchor: "start" },
};

/**
 * Starts the ids of clip paths from 0 again, which vega counts per process, so
 * that equal reports have equal bytes, whatever was drawn before.
 */
export async function restartIds(): Promise<void> {
  const { resetSVGDefIds } = await import("vega");
  resetSVGDefIds();
}

/** How Vega measures texts. */
interface TextMetrics {
  width: (style: TextStyle, text: unknown) => number;
}

/**
 * Renders a specification of Vega-Lite as SVG. Vega is large, so it is loaded by
 * the first drawing.
 */
export async function renderSvg(spec: object): Promise<string> {
  const [vega, { compile }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
  ]);
  // Vega's types lack it. It is one for the process, and the same for every drawing.
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  textMetrics.width = (style, text) =>
    estimateTextWidth(style, `${text ?? ""}`);
  const { spec: compiled } = compile(wrapTitle(spec) as TopLevelSpec);
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  // The page describes each drawing in one text; Vega's descriptions repeat it.
  return svg
    .replaceAll(/ (role|aria-[a-z]+)="[^"]*"/g, "")
    .replaceAll(/ xmlns:xlink="[^"]*"/g, "")
    .replaceAll(/<path class="background"[^>]*\/>/g, "")
    .replaceAll(/<path class="foreground"[^>]*\/>/g, "");
}

/** Room for the labels of axes next to a plot, in pixels. */
const AXES = 70;

/**
 * The same with a title of lines as wide as the plot of a known width: a drawing is
 * as wide as its longest line, and next to a longer one the plot would be small.
 */
function wrapTitle(spec: object): object {
  const { title, width } = spec as { title?: unknown; width?: unknown };
  return typeof title === "string" && typeof width === "number"
    ? { ...spec, title: wrapText(drawingConfig.title, title, width + AXES) }
    : spec;
}
