import { largest, smallest } from "../core/extremes.ts";
import { type Curve, drawPanel } from "./draw_panel.ts";
import { type Figure, slug } from "./figure.ts";
import { bandTable, formatBand } from "./band_table.ts";
import type { Band } from "./band.ts";

/** What a figure of curves shows. */
export interface LineFigure {
  /** Unique in a report. */
  id: string;
  /** Heading. */
  heading: string;
  /** What is drawn, and how to read it. */
  caption: string;
  /** Name of the vertical axis. */
  yTitle: string;
  /** Percent of the test images, or seconds. */
  unit: "%" | "s";
}

/** Draws panels of curves on one scale. */
export async function drawLineFigure(
  panels: readonly { title: string; curves: readonly Curve[] }[],
  { id, heading, caption, yTitle, unit }: LineFigure,
): Promise<Figure> {
  const domain = domainOf(
    panels.flatMap(({ curves }) => curves.flatMap(({ points }) => points)),
    unit === "s",
  );
  const drawn = [];
  for (const { title, curves } of panels) {
    const panel = { title: `${heading}: ${title}`, curves, yTitle, domain };
    drawn.push({
      id: slug(`${id} ${title}`),
      title,
      alt: `${heading}, ${title}. ${describe(curves, unit)}`,
      legend: curves.length === 1
        ? []
        : curves.map(({ name, style, isPointsOnly = false }) => ({
          name,
          style,
          isPointsOnly,
        })),
      inline: await drawPanel(panel, { alone: false }),
      standalone: await drawPanel(panel, { alone: true }),
    });
  }
  return {
    id,
    heading,
    caption: domain[0] === 0
      ? caption
      : `${caption} The vertical axis does not start at 0.`,
    panels: drawn,
    table: bandTable(
      ["runs", "curve"],
      panels.flatMap(({ title, curves }) =>
        curves.map(({ name, points }) => ({ names: [title, name], points }))
      ),
      {
        unit: unit === "s" ? "seconds" : "percent of the test images",
        format: rounder(unit),
      },
    ),
  };
}

/**
 * Range of an axis that holds every mean, and every interval of three seeds or
 * more; times start at 0.
 */
export function domainOf(
  points: readonly Band[],
  fromZero: boolean,
): [low: number, high: number] {
  const values = points.flatMap(({ seeds, mean, low, high }) =>
    seeds > 2 ? [mean, low!, high!] : [mean]
  );
  const [least, most] = [smallest(values), largest(values)];
  if (fromZero) return [0, most * 1.1];
  const pad = Math.max(0.1 * (most - least), 2);
  return [
    Math.max(0, Math.floor(least - pad)),
    Math.min(100, Math.ceil(most + pad)),
  ];
}

/** First and last point of each curve, in a sentence. */
function describe(curves: readonly Curve[], unit: "%" | "s"): string {
  return curves.map(({ name, points }) => {
    const ends = points.length > 1 ? [points[0]!, points.at(-1)!] : points;
    return `${name}: ${
      ends.map((point) =>
        `${formatBand(point, rounder(unit), ` ${unit}`)} at ${
          "ratio" in point ? `ratio ${point.ratio}` : `step ${point.steps}`
        }`
      ).join(", ")
    }.`;
  }).join(" ");
}

function rounder(unit: "%" | "s"): (value: number) => string {
  return (value) =>
    value.toFixed(unit === "s" && Math.abs(value) < 10 ? 2 : 1)
      .replace("-", "−");
}
