import { countOf } from "../core/count_of.ts";
import { capitalise } from "../core/capitalise.ts";
import { largest, smallest } from "../core/extremes.ts";
import { formatChange } from "../core/format_change.ts";
import { formatP } from "../core/format_p.ts";
import type { Arm } from "../analysis/arm.ts";
import { type EffectTest, inferenceOf } from "../analysis/effect.ts";
import { nameLevel } from "../analysis/format_analysis.ts";
import {
  type LevelComparison,
  type LevelConclusion,
  type LevelKey,
  levelRule,
  rankOfLevel,
} from "../analysis/levels.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import type { CoordinateValue } from "../spec/axis.ts";
import { armKeys, isUsual, sayValue } from "./arm_words.ts";
import { FEWEST_FOR_INTERVALS } from "./draw_panel.ts";
import { type Figure, type FigurePanel, slug } from "./figure.ts";
import { levelWords } from "./level_words.ts";
import { nameCurves } from "./name_curves.ts";
import { type CurveStyle, ink } from "./palette.ts";
import { drawingConfig, renderSvg } from "./render_svg.ts";

/** What a panel tells its curves apart by. */
const CURVE_KEYS = ["policy", "standIn"] as const;

/** A level of a curve. */
interface LevelPoint {
  readonly value: CoordinateValue;
  readonly label: string;
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly seeds: number;
  /** Of the table: its difference to the first level, and what that shows. */
  readonly difference: DifferenceTexts;
}

/** Cells of a row of the table; empty at the first level. */
interface DifferenceTexts {
  readonly value: string;
  readonly p: string;
  readonly marginP: string;
  readonly detectable: string;
  readonly finding: string;
}

const noDifference: DifferenceTexts = {
  value: "",
  p: "",
  marginP: "",
  detectable: "",
  finding: "",
};

/** The effect of the same copies at every level. */
interface LevelCurve {
  readonly name: string;
  readonly style: CurveStyle;
  readonly points: readonly LevelPoint[];
}

/**
 * Draws the effect of copies on clean accuracy against what is varied, such as the
 * multiplicity: a panel for each thing that is varied, a curve for each policy.
 * Networks at chance level are left out; of several ratios the largest is drawn.
 *
 * @param margin Smallest change of accuracy that matters, in points.
 * @returns Nothing where nothing is varied.
 */
export async function drawLevelFigure(
  comparisons: readonly LevelComparison[],
  { id, margin }: { id: string; margin: number },
): Promise<Figure | undefined> {
  const chosen = drawnComparisons(comparisons);
  if (chosen.length === 0) return undefined;
  const arms = chosen.map(({ runs }) => runs as unknown as Arm);
  const nameOf = nameCurves(arms, CURVE_KEYS);
  const varying = varyingOf(chosen);
  // By what titles say: only some policies have a multiplicity, for one.
  const groups = Map.groupBy(
    chosen,
    ({ key, ratio, runs }) =>
      JSON.stringify([key, ratio, varying.map((of) => runs[of] ?? null)]),
  );
  const all = [...groups.values()].map((of) => ({
    key: of[0]!.key,
    title: [
      capitalise(levelWords[of[0]!.key].axis),
      ...(of[0]!.ratio === null ? [] : [`ratio ${of[0]!.ratio}`]),
      ...varying.filter((key) => isSaid(key, of[0]!, chosen))
        .map((key) => sayValue(key, of[0]!.runs[key] ?? null)),
    ].filter((text) => text !== "").join(" · "),
    curves: of.map((one): LevelCurve => ({
      ...nameOf(one.runs as unknown as Arm),
      points: one.levels.map((level) => pointOf(one.key, level)),
    })),
  }));
  // A page begins with them: what a finding shows is on its first screen.
  const panels = all.toSorted((a, b) =>
    Number(b.curves.some(showsDifference)) -
    Number(a.curves.some(showsDifference))
  );
  const ends = panels.flatMap(({ curves }) =>
    curves.flatMap(({ points }) =>
      points.flatMap(({ mean, interval, seeds }) => [
        mean,
        ...seeds < FEWEST_FOR_INTERVALS ? [] : interval ?? [],
      ])
    )
  );
  const domain = [
    Math.min(1.1 * smallest(ends), -1.5 * margin),
    Math.max(1.1 * largest(ends), 1.5 * margin),
  ] as const;
  const names = panels.flatMap(({ curves }) => curves.map(({ name }) => name));
  const hasLegend = new Set(names).size > 1;
  const drawn: FigurePanel[] = [];
  for (const { key, title, curves } of panels) {
    const draw = (alone: boolean) =>
      drawLevels(curves, {
        key,
        domain,
        margin,
        title: alone ? title : undefined,
        hasLegend: alone && hasLegend,
      });
    drawn.push({
      id: slug(`${id} ${title}`),
      title,
      alt: `${title}. ${curves.map(describe).join(" ")}`,
      legend: hasLegend
        ? curves.map(({ name, style }) => ({
          name,
          style,
          isPointsOnly: true,
        }))
        : [],
      inline: await draw(false),
      standalone: await draw(true),
    });
  }
  return {
    id,
    heading: "Effect of copies by level",
    caption:
      `Change of clean accuracy against ratio 0 of the same seed and level, in points, at the ratio of the panel; 0 is the accuracy without copies. Bars are 95 % intervals over seeds and test images, not adjusted for their number${
        ends.length > 0 && panels.some(({ curves }) =>
            curves.some(({ points }) =>
              points.some(({ seeds }) =>
                seeds < FEWEST_FOR_INTERVALS
              )
            )
          )
          ? `; with fewer than ${FEWEST_FOR_INTERVALS} seeds there is no bar`
          : ""
      }. The grey band is the margin, ±${
        countOf(margin, "point")
      }. Levels are at equal distances, whatever their values.${
        chosen.some(({ key, runs, levels }) =>
            (key === "dedup" || !isUsual(runs as unknown as Arm, "dedup")) &&
            levels.some(hasNoCopies)
          )
          ? " A change of exactly 0 is of networks equal to those without copies, as all copies were removed before training."
          : ""
      }`,
    panels: drawn,
    table: {
      caption:
        `Change against ratio 0 in points, and that change minus the one at the first level, paired by seed, each with its 95 % interval. ${levelRule} Power of 80 %: the smallest difference that is detected with this probability, in points, by a single test.`,
      head: [
        "panel and runs",
        "level",
        "change",
        "minus the first level",
        "adjusted p",
        "adjusted p of the margin",
        "power of 80 % from",
        "finding",
        "seeds",
      ],
      rows: panels.flatMap(({ title, curves }) =>
        curves.flatMap(({ name, points }) =>
          points.map((point) => [
            name === "" ? title : `${title}, ${name}`,
            point.label,
            withInterval(point.mean, point.interval),
            point.difference.value,
            point.difference.p,
            point.difference.marginP,
            point.difference.detectable,
            point.difference.finding,
            `${point.seeds}`,
          ])
        )
      ),
    },
  };
}

/**
 * The comparisons that are drawn: of clean accuracy, at the largest ratio, between
 * networks that have learned. Where those of the first level have not, there are no
 * differences from it.
 */
export function drawnComparisons(
  comparisons: readonly LevelComparison[],
): LevelComparison[] {
  const shown = comparisons.filter(({ metric }) => metric === "clean")
    .map((one) => {
      const levels = one.levels.filter(({ chance }) => chance.atChance === 0);
      return {
        ...one,
        levels: levels[0] === one.levels[0] ? levels : levels.map((level) => ({
          ...level,
          difference: null,
          conclusion: null,
        })),
      };
    })
    .filter(({ levels }) => levels.length > 1);
  return shown.filter((one) =>
    !shown.some((other) =>
      (other.ratio ?? 0) > (one.ratio ?? 0) && other.key === one.key &&
      placeOf(other) === placeOf(one)
    )
  );
}

/** Whether a finding shows a difference between levels of a curve. */
function showsDifference({ points }: LevelCurve): boolean {
  return points.some(({ difference: { finding } }) =>
    finding === "lower" || finding === "higher"
  );
}

/**
 * Whether every seed has the accuracy of ratio 0: the copies were removed before
 * training, so that it says nothing of them.
 */
export function hasNoCopies(
  { change }: LevelComparison["levels"][number],
): boolean {
  const ends = inferenceOf(change).interval;
  return change.test.mean === 0 && ends !== null &&
    ends.every((end) => end === 0);
}

/** Coordinates in which the comparisons differ and which titles of panels must name. */
function varyingOf(
  comparisons: readonly LevelComparison[],
): CoordinateKey[] {
  return armKeys.filter((key) => {
    if (CURVE_KEYS.some((own) => own === key)) return false;
    const values = comparisons.filter((one) => one.key !== key)
      .map(({ runs }) => runs[key] ?? null);
    return new Set(values.filter((value) => value !== null)).size > 1;
  });
}

/**
 * Whether the title of a panel says a coordinate: where panels of what is varied
 * differ in it. Next to panels in which something else is varied, its usual value
 * goes without saying.
 */
function isSaid(
  key: CoordinateKey,
  one: LevelComparison,
  all: readonly LevelComparison[],
): boolean {
  if (key === one.key) return false;
  const alike = all.filter((other) => other.key === one.key);
  return !isUsual(one.runs as unknown as Arm, key) ||
    new Set(alike.map(({ runs }) => runs[key] ?? null)).size > 1;
}

/** All coordinates of a comparison, as text. */
function placeOf({ runs }: LevelComparison): string {
  return JSON.stringify(armKeys.map((key) => runs[key] ?? null));
}

function pointOf(
  key: LevelKey,
  { value, change, difference, conclusion }: LevelComparison["levels"][number],
): LevelPoint {
  return {
    value,
    // A number is read with the title of its axis.
    label: typeof value === "number"
      ? value.toLocaleString("en", { maximumFractionDigits: 20 })
      : nameLevel(key, value),
    mean: change.test.mean,
    interval: inferenceOf(change).interval,
    seeds: change.test.n,
    difference: difference === null
      ? noDifference
      : differenceTexts(difference, conclusion),
  };
}

function differenceTexts(
  difference: EffectTest,
  conclusion: LevelConclusion | null | undefined,
): DifferenceTexts {
  const { interval, detectable } = inferenceOf(difference);
  const p = (value: number | null | undefined) =>
    typeof value === "number" ? formatP(value) : "";
  return {
    value: withInterval(difference.test.mean, interval),
    p: p(conclusion?.holmP),
    marginP: p(conclusion?.equivalenceHolmP),
    detectable: detectable === null ? "" : detectable.toFixed(1),
    finding: conclusion?.finding ?? "",
  };
}

function withInterval(
  mean: number,
  interval: readonly [number, number] | null,
): string {
  return `${formatChange(mean)} (${formatInterval(interval)})`;
}

function formatInterval(interval: readonly [number, number] | null): string {
  return interval === null
    ? "no interval"
    : interval.map(formatChange).join(", ");
}

function describe({ name, points }: LevelCurve): string {
  return `${name === "" ? "" : `${name}: `}${
    points.map(({ label, mean, interval }) =>
      `${label} ${formatChange(mean)}${
        interval === null ? "" : ` (${formatInterval(interval)})`
      }`
    ).join("; ")
  } points.`;
}

/** One panel: levels from left to right, curves next to each other. */
function drawLevels(
  curves: readonly LevelCurve[],
  { key, domain, margin, title, hasLegend }: {
    key: LevelKey;
    domain: readonly [low: number, high: number];
    margin: number;
    title: string | undefined;
    hasLegend: boolean;
  },
): Promise<string> {
  // A curve may lack a level that a later one has.
  const labels = [
    ...new Set(
      curves.flatMap(({ points }) => points)
        .sort((a, b) => rankOfLevel(key, a.value) - rankOfLevel(key, b.value))
        .map(({ label }) => label),
    ),
  ];
  const names = curves.map(({ name }) => name);
  const values = curves.flatMap(({ name, points }) =>
    points.map(({ label, mean, interval, seeds }) => ({
      name,
      level: label,
      mean,
      low: seeds < FEWEST_FOR_INTERVALS ? null : interval?.[0] ?? null,
      high: seeds < FEWEST_FOR_INTERVALS ? null : interval?.[1] ?? null,
    }))
  );
  const legend = hasLegend
    ? { title: null, symbolOpacity: 1, symbolStrokeWidth: 0, columns: 1 }
    : null;
  const scaleOf = (read: (style: CurveStyle) => unknown) => ({
    domain: names,
    range: curves.map(({ style }) => read(style)),
  });
  const by = { field: "name", type: "nominal", legend };
  const colour = { ...by, scale: scaleOf(({ light }) => light) };
  const x = {
    field: "level",
    type: "ordinal",
    sort: labels,
    scale: { domain: labels },
    axis: {
      title: levelWords[key].axis,
      labelAngle: 0,
      grid: false,
      // Names of several words take a line each.
      labelExpr: "split(datum.label, ' ')",
      labelLimit: 0,
    },
  };
  const xOffset = { field: "name", type: "nominal", scale: { domain: names } };
  const scale = { domain, nice: false, zero: false };
  const y = {
    type: "quantitative",
    scale,
    axis: {
      title: "change of accuracy, points",
      tickCount: 6,
      domain: false,
      ticks: false,
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+.1~f')",
    },
  };
  return renderSvg({
    ...(title !== undefined && { title }),
    // Wide enough for the titles of axes: a longer one would shrink the drawing.
    width: 330,
    height: 210,
    data: { values },
    layer: [
      {
        data: { values: [{ low: -margin, high: margin }] },
        mark: { type: "rect", color: ink.grid, opacity: 0.6 },
        encoding: { y: { ...y, field: "low" }, y2: { field: "high" } },
      },
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: ink.quiet, strokeDash: [3, 3] },
        encoding: { y: { ...y, field: "zero" } },
      },
      {
        transform: [{ filter: "isValid(datum.low)" }],
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          x,
          xOffset,
          y: { ...y, field: "low" },
          y2: { field: "high" },
          color: colour,
        },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: {
          x,
          xOffset,
          y: { ...y, field: "mean" },
          color: colour,
          shape: { ...by, scale: scaleOf(({ shape }) => shape) },
        },
      },
    ],
    config: drawingConfig,
  });
}
