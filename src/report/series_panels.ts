import type { Arm } from "../analysis/arm.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import { axisShape } from "../spec/axes.ts";
import {
  armKeys,
  coordinateOf,
  valuesOf,
  varyingKeys,
  wordOf,
} from "./arm_words.ts";
import type { Curve } from "./draw_panel.ts";
import { nameCurves } from "./name_curves.ts";
import type { ReportSeries } from "./report_series.ts";

/** Curves that belong in one plot. */
export interface SeriesPanel {
  /** What they have in common, where panels differ in it. */
  title: string;
  /** One for each of the series, and what is drawn over them. */
  curves: Curve[];
  /** Where they come from. */
  series: ReportSeries[];
}

/**
 * Groups series into panels: one for each combination of all that tells arms
 * apart but the coordinates `by`, and in it a curve for each value of these.
 *
 * @param all The arms of the whole figure, by which curves are named and
 * marked; default: those of the series.
 */
export function panelsOf(
  series: readonly ReportSeries[],
  by: readonly CoordinateKey[],
  all: readonly { arm: Arm }[] = series,
): SeriesPanel[] {
  const titles = titlesOf(series, by);
  const nameOf = nameCurves(all.map(({ arm }) => arm), by);
  const panels = new Map<string, SeriesPanel>();
  series.forEach((one, at) => {
    const title = titles[at]!;
    const panel = panels.get(title) ?? { title, curves: [], series: [] };
    panels.set(title, panel);
    panel.curves.push({ ...nameOf(one.arm), points: one.points });
    panel.series.push(one);
  });
  return [...panels.values()];
}

/**
 * Titles of the panels of arms: the coordinates in which they differ, without
 * those `by` which a panel tells its curves apart.
 */
export function titlesOf(
  series: readonly { arm: Arm; protocol: string }[],
  by: readonly CoordinateKey[],
): string[] {
  const keys = armKeys.filter((key) => !by.includes(key));
  const arms = series.map(({ arm }) => arm);
  const varying = varyingKeys(arms, keys)
    .filter((key) => !isOfSomeCurves(key, arms, by));
  const bodies = series.map(({ protocol }) => bodyOf(protocol));
  const distinct = [...new Set(bodies)];
  const hasProtocols = distinct.length > 1;
  // What is the same everywhere needs no mention, but a title needs some words.
  const shown = varying.length > 0 || hasProtocols
    ? varying
    : keys.filter((key) => coordinateOf(key).isAlwaysShown);
  return series.map(({ arm }, at) =>
    [
      ...shown.map((key) => wordOf(arm, key)),
      ...(hasProtocols
        ? [`protocol ${distinct.indexOf(bodies[at]!) + 1}`]
        : []),
    ].filter((text) => text !== "").join(" · ")
  );
}

/**
 * Whether only some curves have a coordinate, and all of these the same value,
 * such as the multiplicity of one of the policies. What tells curves apart then
 * says it, and a panel of its own would have a curve without a name.
 */
function isOfSomeCurves(
  key: CoordinateKey,
  arms: readonly Arm[],
  by: readonly CoordinateKey[],
): boolean {
  const curves = Map.groupBy(
    arms,
    (arm) => JSON.stringify(by.map((of) => valuesOf(arm)[of] ?? null)),
  );
  const ownOf = (of: readonly Arm[]) => [
    ...new Set(of.map((arm) => valuesOf(arm)[key] ?? null)),
  ];
  return ownOf(arms).filter((value) => value !== null).length === 1 &&
    [...curves.values()].every((of) => ownOf(of).length === 1);
}

/** How all of them were trained, for a caption; empty where titles say it. */
export function describeTraining(
  series: readonly { arm: Arm }[],
  panels: readonly { title: string }[],
): string {
  const [training, ...others] = new Set(
    series.map(({ arm }) => wordOf(arm, "training")),
  );
  const isSaid = panels.some(({ title }) => title.includes(training!));
  return isSaid || others.length > 0 ? "" : `All with ${training}.`;
}

/** A protocol without what arms say, to tell apart those that differ otherwise. */
function bodyOf(protocol: string): string {
  const [data, rest, augmentation] = JSON.parse(protocol);
  const body = Object.entries(rest).filter(([field]) =>
    field !== "backend" && !Object.hasOwn(axisShape, field)
  );
  return JSON.stringify([data, body, augmentation]);
}
