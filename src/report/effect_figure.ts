import { countOf } from "../core/count_of.ts";
import { capitalise } from "../core/capitalise.ts";
import { largest, smallest } from "../core/extremes.ts";
import { wordOf } from "./arm_words.ts";
import type { EffectRow } from "./effect_rows.ts";
import {
  type Figure,
  type FigurePanel,
  type PageDrawing,
  slug,
} from "./figure.ts";
import { formatChange } from "../core/format_change.ts";
import { ink, styleOf } from "./palette.ts";
import { policiesAcrossClasses } from "../spec/policies.ts";
import { drawingConfig, renderSvg } from "./render_svg.ts";
import { wrapText } from "./text_width.ts";

/** Height of a row, in pixels. */
const ROW = 21;

/** Width of the labels of rows in a panel and in columns, in pixels. */
const LABELS = 156;
const WIDE_LABELS = 280;

/** By how much the labels of rows are further right than those of groups. */
const INDENT = 8;

/** Width of the numbers of a column, in pixels. */
const NUMBERS = 128;

/** Width of the plot of a panel, which a phone shows with its labels. */
const PLOT = 112;

/** Width of the drawing that has all panels in columns, as the page has it. */
const WIDE = 1000;

/** Largest width of the plot of one column. */
const WIDEST_PLOT = 420;

/** Height of labels in pixels: readable where a phone shows the figure smaller. */
const FONT = 13;

const HEADING_WEIGHT = 600;

/** Points up to which the axis is linear; beyond, it is logarithmic. */
const LINEAR = 2;

/** In place of the numbers of what did not run. */
const ABSENT = "–";

/** What all plots of a figure have in common. */
interface Axis {
  readonly domain: readonly [low: number, high: number];
  /** Whether it is logarithmic beyond `LINEAR`. */
  readonly isStretched: boolean;
  /** Half of the grey band, in points. */
  readonly margin: number;
}

/**
 * A row of labels and, for each way to train, its effect. A label that is too long
 * begins in rows of its own, which have no effects.
 */
interface Line {
  readonly heading?: string;
  readonly name?: string;
  readonly effects?: readonly (EffectRow | undefined)[];
}

/**
 * Draws effects with their intervals, rows grouped by policy: a panel for each
 * way to train, and one drawing that has them in columns next to each other.
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
  const axis = { domain, isStretched, margin };
  const trainings = [...new Set(rows.map(({ training }) => training))];
  const panels: PageDrawing[] = [];
  for (const training of trainings) {
    const own = rows.filter((row) => row.training === training);
    const title = capitalise(training);
    const lines = linesOf(own, [training], { labels: LABELS });
    const view = viewOf(lines, 0, { ...axis, width: PLOT, labels: LABELS });
    panels.push({
      id: slug(`${id} ${training}`),
      title,
      alt: `${heading}, ${training}. ${own.map(describeRow).join(" ")}`,
      inline: await render(view),
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
    }. Filled points are copies, open points are controls. The grey band is the margin, ±${
      countOf(margin, "point")
    }.${
      isStretched ? ` Beyond ±${LINEAR} points the axis is logarithmic.` : ""
    }`,
    panels,
    wide: await drawColumns(rows, { id, heading, trainings, axis }),
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

/**
 * All ways to train: next to each other with the labels of rows in common, or one
 * below the other where they have so few rows in common that columns would be empty.
 */
async function drawColumns(
  rows: readonly EffectRow[],
  { id, heading, trainings, axis }: {
    id: string;
    heading: string;
    trainings: readonly string[];
    axis: Axis;
  },
): Promise<FigurePanel> {
  const labelled = { labels: WIDE_LABELS, isExplained: true };
  const common = linesOf(rows, trainings, labelled);
  const titled = (training: string, view: object) => ({
    title: { text: capitalise(training), frame: "group" },
    ...view,
  });
  const drawing = await render(
    areMostlyShared(common, trainings.length)
      ? {
        hconcat: trainings.map((training, i) =>
          titled(
            training,
            viewOf(common, i, {
              ...axis,
              width: Math.min(
                WIDEST_PLOT,
                (WIDE - WIDE_LABELS) / trainings.length - NUMBERS,
              ),
              labels: i === 0 ? WIDE_LABELS : 0,
            }),
          )
        ),
        spacing: 12,
      }
      : {
        vconcat: trainings.map((training) => {
          const own = rows.filter((row) => row.training === training);
          return titled(
            training,
            viewOf(linesOf(own, [training], labelled), 0, {
              ...axis,
              width: WIDEST_PLOT,
              labels: WIDE_LABELS,
            }),
          );
        }),
        spacing: 24,
      },
  );
  return {
    id,
    title: heading,
    alt: `${heading}. ${
      rows.map((row) => `${capitalise(row.training)}: ${describeRow(row)}`)
        .join(" ")
    }`,
    inline: drawing,
    standalone: drawing,
  };
}

/** Whether at least a third of the rows have an effect for every way to train. */
function areMostlyShared(lines: readonly Line[], trainings: number): boolean {
  const effects = lines.flatMap(({ effects }) =>
    effects === undefined ? [] : [effects]
  );
  const shared = effects.filter((own) =>
    own.filter((effect) => effect !== undefined).length === trainings
  );
  return 3 * shared.length >= effects.length;
}

function render(view: object): Promise<string> {
  return renderSvg({ ...view, config: drawingConfig });
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

/** A policy, and how its copies are spread: across classes, or over few images. */
function explain({ arm }: EffectRow): string {
  const { policy } = arm;
  const spread = (["even", "uneven"] as const).find((spread) =>
    policiesAcrossClasses(spread).some((name) => name === policy)
  );
  const name = wordOf(arm, "policy");
  if (policy === "concentrated") return `${name} (few images)`;
  return spread === undefined ? name : `${name} (${spread} across classes)`;
}

/**
 * Groups as headings between their rows, and the effects of each training. Groups
 * of one policy that have copies alone share a heading: their rows say what tells
 * them apart.
 */
function linesOf(
  rows: readonly EffectRow[],
  trainings: readonly string[],
  { labels, isExplained = false }: { labels: number; isExplained?: boolean },
): Line[] {
  const groups = Map.groupBy(rows, ({ group }) => group);
  const isCopiesAlone = ({ group }: EffectRow) =>
    groups.get(group)!.every(({ hasCopies }) => hasCopies);
  const headingOf = (row: EffectRow) =>
    row.condition !== "" && !isCopiesAlone(row)
      ? row.group
      : isExplained
      ? explain(row)
      : wordOf(row.arm, "policy");
  const labelOf = (row: EffectRow) =>
    row.condition !== "" && isCopiesAlone(row) ? row.condition : row.name;
  const bold = { fontSize: FONT, fontWeight: HEADING_WEIGHT };
  return [...Map.groupBy(rows, headingOf)].flatMap(([heading, own]) => [
    ...wrapText(bold, heading, labels).map((heading) => ({ heading })),
    ...[...Map.groupBy(own, labelOf)].flatMap(([label, same]): Line[] => {
      const texts = wrapText({ fontSize: FONT }, label, labels - INDENT);
      const effects = trainings.map((training) =>
        same.find((row) => row.training === training)
      );
      return texts.map((name, i) =>
        i < texts.length - 1 ? { name } : { name, effects }
      );
    }),
  ]);
}

/** The plot of one column, with its numbers, as Vega-Lite has it. */
function viewOf(
  lines: readonly Line[],
  column: number,
  { domain, isStretched, margin, width, labels }: Axis & {
    width: number;
    /** Width of the labels left of the plot, in pixels; 0: none. */
    labels: number;
  },
): object {
  const values = lines.map(({ heading, name, effects }, i) => {
    const row = effects?.[column];
    return {
      y: i,
      heading: heading ?? null,
      name: name ?? null,
      mean: row?.mean ?? null,
      low: row?.interval?.[0] ?? null,
      high: row?.interval?.[1] ?? null,
      kind: row?.hasCopies ? "copies" : "control",
      text: row !== undefined
        ? formatEffect(row)
        : effects === undefined
        ? null
        : ABSENT,
      isAbsent: row === undefined,
    };
  });
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
      ...(ticks === undefined
        ? { tickCount: width < 200 ? 3 : 6 }
        : { values: ticks }),
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
  const label = (field: string, mark: object, at: number) => ({
    transform: only(field),
    mark: {
      type: "text",
      baseline: "middle",
      align: "left",
      fontSize: FONT,
      color: ink.text,
      ...mark,
    },
    encoding: {
      y,
      text: { field, type: "nominal" },
      x: { value: at },
    },
  });
  const points = (kind: string, mark: object) => ({
    transform: [...only("mean"), { filter: `datum.kind === '${kind}'` }],
    mark: { type: "point", opacity: 1, color: light, ...mark },
    encoding: { y, x: { ...x, field: "mean" } },
  });
  return {
    width,
    height: ROW * lines.length,
    data: { values },
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
      points("copies", { filled: true, size: 75 }),
      points("control", { filled: false, size: 60, strokeWidth: 2 }),
      ...(labels === 0 ? [] : [
        label("heading", { fontWeight: HEADING_WEIGHT }, -labels),
        label("name", { color: ink.quiet }, INDENT - labels),
      ]),
      label("text", {
        color: { expr: `datum.isAbsent ? '${ink.quiet}' : '${ink.text}'` },
      }, width + 6),
    ],
  };
}
