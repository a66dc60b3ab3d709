import { capitalise } from "../core/capitalise.ts";
import { largest, smallest } from "../core/extremes.ts";
import type { EffectRow } from "./effect_rows.ts";
import { type Figure, type FigurePanel, slug } from "./figure.ts";
import { formatChange } from "../core/format_change.ts";
import { ink, styleOf } from "./palette.ts";
import { drawingConfig, renderSvg } from "./render_svg.ts";

/** Height of a row, in pixels. */
const ROW = 21;

/** Width of the plot, and of the labels left of it, in pixels. */
const PLOT = 112;
const LABELS = 152;

/** Height of labels in pixels: readable where a phone shows the figure smaller. */
const FONT = 13;

/** Points up to which the axis is linear; beyond, it is logarithmic. */
const LINEAR = 2;

/**
 * Draws effects with their intervals, a panel for each way to train, in which
 * rows are grouped by policy.
 *
 * @param margin Smallest change of accuracy that matters, in points.
 * @returns Nothing where there are no effects.
 */
export async function drawEffectFigure(
  rows: readonly EffectRow[],
  { id, heading, margin }: { id: string; heading: string; margin: number },
): Promise<Figure | undefined> {
  if (rows.length === 0) return undefined;
  const ends = rows.flatMap(({ mean, interval }) => [mean, ...interval ?? []]);
  const domain = [
    Math.min(1.15 * smallest(ends), -1.5 * margin),
    Math.max(1.15 * largest(ends), 1.5 * margin),
  ] as const;
  const isStretched = domain[0] < -5 * LINEAR || domain[1] > 5 * LINEAR;
  const panels: FigurePanel[] = [];
  for (const [training, own] of Map.groupBy(rows, (row) => row.training)) {
    const title = capitalise(training);
    const draw = (alone: boolean) =>
      drawEffects(own, { title, domain, isStretched, margin, alone });
    panels.push({
      id: slug(`${id} ${training}`),
      title,
      alt: `${heading}, ${training}. ${own.map(describeRow).join(" ")}`,
      inline: await draw(false),
      standalone: await draw(true),
    });
  }
  const single = rows.every(({ seeds }) => seeds === 1);
  return {
    id,
    heading,
    caption: `Change of clean accuracy for one copy per original, in points${
      single
        ? "; one seed, so there are no intervals"
        : ", with its 95 % interval"
    }. Filled points are copies, open ones what took their place. The grey band is the margin, ±${margin} ${
      margin === 1 ? "point" : "points"
    }.${
      isStretched ? ` Beyond ±${LINEAR} points the axis is logarithmic.` : ""
    }`,
    panels,
    table: {
      caption:
        "Points of accuracy per copy per original, and their 95 % interval",
      head: ["training and policy", "runs", "slope", "interval", "seeds"],
      rows: rows.map((row) => [
        `${row.training}, ${row.group}`,
        row.name,
        formatChange(row.mean),
        formatInterval(row) || "none",
        `${row.seeds}`,
      ]),
    },
  };
}

function describeRow(row: EffectRow): string {
  return `${row.group}, ${row.name}: ${formatEffect(row)} points.`;
}

/** An effect with its interval in brackets. */
function formatEffect(row: EffectRow): string {
  const interval = formatInterval(row);
  return `${formatChange(row.mean)}${interval === "" ? "" : ` [${interval}]`}`;
}

function formatInterval({ interval }: EffectRow): string {
  return interval === null ? "" : interval.map(formatChange).join(", ");
}

/** Groups as headings between their rows. */
function linesOf(rows: readonly EffectRow[]) {
  return [...Map.groupBy(rows, ({ group }) => group)].flatMap((
    [group, own],
  ) => [
    { heading: group, row: undefined },
    ...own.map((row) => ({ heading: undefined, row })),
  ]);
}

function drawEffects(
  rows: readonly EffectRow[],
  { title, domain, isStretched, margin, alone }: {
    title: string;
    domain: readonly [number, number];
    /** Whether the axis is logarithmic beyond `LINEAR`. */
    isStretched: boolean;
    margin: number;
    alone: boolean;
  },
): Promise<string> {
  const lines = linesOf(rows).map(({ heading, row }, i) => ({
    y: i,
    heading: heading ?? null,
    name: row?.name ?? null,
    mean: row?.mean ?? null,
    low: row?.interval?.[0] ?? null,
    high: row?.interval?.[1] ?? null,
    kind: row?.hasCopies ? "copies" : "control",
    text: row === undefined ? null : formatEffect(row),
  }));
  const [low, high] = domain;
  const ticks = isStretched
    ? [-50, -20, -5, 0, 5, 20, 50].filter((x) => x > low && x < high)
    : undefined;
  const scale = {
    domain: [low, high],
    nice: false,
    zero: false,
    ...(isStretched && { type: "symlog", constant: LINEAR }),
  };
  const x = {
    type: "quantitative",
    scale,
    axis: {
      title: "points per copy per original",
      grid: false,
      ...(ticks === undefined ? { tickCount: 5 } : { values: ticks }),
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+.1~f')",
    },
  };
  const y = {
    field: "y",
    type: "quantitative",
    scale: { domain: [lines.length - 0.4, -0.6], nice: false, zero: false },
    axis: null,
  };
  const { light } = styleOf("circle");
  const only = (field: string) => [{ filter: `isValid(datum.${field})` }];
  const label = (field: string, mark: object, at: object) => ({
    transform: only(field),
    mark: {
      type: "text",
      baseline: "middle",
      fontSize: FONT,
      color: ink.text,
      ...mark,
    },
    encoding: { y, text: { field, type: "nominal" }, x: at },
  });
  return renderSvg({
    ...(alone && { title }),
    width: PLOT,
    height: ROW * lines.length,
    data: { values: lines },
    layer: [
      {
        data: { values: [{ from: -margin, to: margin }] },
        mark: { type: "rect", color: ink.grid },
        encoding: {
          x: { ...x, field: "from" },
          x2: { field: "to" },
        },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: ink.quiet },
        encoding: { x: { ...x, field: "zero" } },
      },
      {
        transform: only("low"),
        mark: { type: "rule", strokeWidth: 2, color: light, clip: true },
        encoding: {
          y,
          x: { ...x, field: "low" },
          x2: { field: "high" },
        },
      },
      {
        transform: [...only("mean"), { filter: "datum.kind === 'copies'" }],
        mark: {
          type: "point",
          filled: true,
          size: 75,
          opacity: 1,
          color: light,
        },
        encoding: { y, x: { ...x, field: "mean" } },
      },
      {
        transform: [...only("mean"), { filter: "datum.kind === 'control'" }],
        mark: {
          type: "point",
          filled: false,
          size: 60,
          opacity: 1,
          color: light,
          strokeWidth: 2,
        },
        encoding: { y, x: { ...x, field: "mean" } },
      },
      label("heading", { align: "left", fontWeight: 600 }, { value: -LABELS }),
      label("name", { align: "left", color: ink.quiet }, { value: 8 - LABELS }),
      label("text", { align: "left" }, { value: PLOT + 6 }),
    ],
    config: drawingConfig,
  });
}
