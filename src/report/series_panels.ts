import type { Arm } from "../analysis/seed_curves.ts";
import type { Curve } from "./draw_panel.ts";
import type { ReportSeries } from "./report_series.ts";

/** What the curves of a panel differ in; panels differ in all else. */
export type CurveKind = "policy" | "stand-in" | "backend";

/** Curves that belong side by side. */
export interface SeriesPanel {
  /** What they have in common, as far as not all panels have it. */
  title: string;
  /** One for each of the series, and what is laid over them. */
  curves: Curve[];
  /** Where they come from. */
  series: ReportSeries[];
}

const curveName: Readonly<Record<CurveKind, (arm: Arm) => string>> = {
  "policy": ({ policy }) => policy,
  "stand-in": ({ standIn, mode }) =>
    mode === "replace" ? `${standIn}, replacing` : standIn,
  "backend": ({ backend }) => backend,
};

/**
 * Groups series into panels: one for each way to train and whatever else must
 * be apart, and in it a curve for each policy, stand-in or backend.
 */
export function panelsOf(
  series: readonly ReportSeries[],
  kind: CurveKind,
): SeriesPanel[] {
  const titles = titlesOf(series, kind);
  const panels = new Map<string, SeriesPanel>();
  series.forEach((one, at) => {
    const title = titles[at]!;
    const panel = panels.get(title) ?? { title, curves: [], series: [] };
    panels.set(title, panel);
    panel.curves.push({ name: curveName[kind](one.arm), points: one.points });
    panel.series.push(one);
  });
  return [...panels.values()];
}

/** Titles of the panels that these runs belong in. */
export function titlesOf(
  series: readonly { arm: Arm; protocol: string }[],
  kind: CurveKind | "ratio",
): string[] {
  const bodies = [...new Set(series.map(({ protocol }) => bodyOf(protocol)))];
  const partsOf = ({ arm, protocol }: typeof series[number]) => [
    `${arm.training} training`,
    kind === "policy" ? "" : arm.policy,
    kind === "stand-in" ? "" : arm.standIn,
    // A set that keeps its size has equal steps and epochs: it goes with both.
    `equal ${arm.budget}`,
    arm.dedup === "none" ? "nothing removed" : `${arm.dedup} removed`,
    arm.model,
    kind === "backend" ? "" : arm.backend,
    `protocol ${bodies.indexOf(bodyOf(protocol)) + 1}`,
  ];
  const columns = series.map(partsOf);
  const isShown = (columns[0] ?? []).map((text, i) =>
    text !== "" && new Set(columns.map((of) => of[i])).size > 1
  );
  // What is the same everywhere goes without saying, but not all of it.
  if (!isShown.includes(true)) {
    isShown[0] = true;
    isShown[1] = kind !== "policy";
  }
  return columns.map((of) => of.filter((_, i) => isShown[i]).join(" · "));
}

/** How all of them were trained, for a caption; empty where titles say it. */
export function commonTraining(
  of: readonly { arm: Arm }[],
  panels: readonly { title: string }[],
): string {
  return panels.some(({ title }) => title.includes(" training"))
    ? ""
    : `All with ${of[0]!.arm.training} training.`;
}

/** Whether duplicates themselves were added, rather than a control. */
export function hasCopies({ arm }: { arm: Arm }): boolean {
  return arm.mode === "add" &&
    (arm.standIn === "copies" || arm.standIn === "near copies");
}

/** A protocol less what an arm says already, to tell those that differ else. */
function bodyOf(protocol: string): string {
  const [data, rest, augmentation] = JSON.parse(protocol);
  const { model: _, training: __, backend: ___, dedup: ____, ...body } = rest;
  return JSON.stringify([data, body, augmentation]);
}
