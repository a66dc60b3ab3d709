import type { PublishedComparison } from "../analysis/compare_published.ts";
import { drawClassFigure } from "./class_figure.ts";
import { type Figure, slug } from "./figure.ts";
import { drawLineFigure } from "./line_figure.ts";
import { overlayPublished } from "./published_points.ts";
import { PAPER } from "./report_content.ts";
import type { ReportSeries, StudyReport } from "./report_series.ts";
import { hasCopies, panelsOf, type SeriesPanel } from "./series_panels.ts";
import { attackTitle, formatEpsilon } from "./terms.ts";

/** What figures need besides the curves. */
export interface FigureContext {
  /** Names of the classes, where they are known. */
  classNames?: readonly string[] | undefined;
  /** The published figures. */
  published: PublishedComparison;
}

/**
 * All figures of a study: accuracy, clean and under each attack, by policy; the
 * same beside the controls, clean and in the worst case; time; classes.
 */
export async function drawFigures(
  report: StudyReport,
  { classNames, published }: FigureContext,
): Promise<Figure[]> {
  const { study, series } = report;
  const figures: Figure[] = [];
  for (const metric of new Set(series.map(({ metric }) => metric))) {
    const all = series.filter((s) => s.metric === metric);
    const copies = all.filter(hasCopies);
    const heading = headingOf(metric);
    if (metric === "epoch time") {
      if (copies.length > 0) figures.push(await drawTimes(copies, study));
      continue;
    }
    const what = whatOf(metric, report);
    const draw = (panels: SeriesPanel[], name: string, caption: string[]) =>
      drawLineFigure(panels, {
        id: slug(`${study} ${name}`),
        heading: name === metric ? heading : `${heading}, beside controls`,
        caption: [what, ...caption].join(" "),
        yTitle: "accuracy, %",
        unit: "%",
      });
    if (copies.length > 0) {
      const panels = panelsOf(copies, "policy");
      const overlaid = overlay(panels, report, published);
      figures.push(
        await draw(panels, metric, [spreadOf(copies), ...overlaid]),
      );
    }
    // Of single attacks the controls are in the CSV: the page is long enough.
    const isMain = metric === "clean" || metric === "worst case";
    if (isMain && copies.length < all.length) {
      figures.push(
        await draw(panelsOf(all, "stand-in"), `${metric} controls`, [
          spreadOf(all),
          "Where a control's curve follows that of the copies, it is not repetition that moves accuracy.",
        ]),
      );
    }
  }
  const classes = await drawClassFigure(report, classNames);
  return classes === undefined ? figures : [...figures, classes];
}

/** Time by backend, or by policy where there is one backend only. */
function drawTimes(
  copies: readonly ReportSeries[],
  study: string,
): Promise<Figure> {
  const backends = [...new Set(copies.map(({ arm }) => arm.backend))];
  const panels = panelsOf(copies, backends.length > 1 ? "backend" : "policy");
  const inSeconds = panels.map(({ title, curves }) => ({
    title,
    curves: curves.map(({ name, points }) => ({
      name,
      points: points.map((point) => ({
        ...point,
        mean: point.mean / 1000,
        low: point.low === null ? null : point.low / 1000,
        high: point.high === null ? null : point.high / 1000,
      })),
    })),
  }));
  const budgets = new Set(copies.map(({ arm }) => arm.budget));
  return drawLineFigure(inSeconds, {
    id: slug(`${study} epoch time`),
    heading: `Time of an epoch, ${backends.join(", ")}`,
    caption: [
      "The median epoch of each run, its first left out as code is compiled in it, on the machines under Provenance.",
      ...(budgets.has("epochs")
        ? [
          "With equal epochs an epoch is a pass over all images, duplicates included.",
        ]
        : []),
      ...(budgets.has("steps")
        ? [
          "With equal steps an epoch is as many steps at every ratio, so that its time should not change.",
        ]
        : []),
      spreadOf(copies),
    ].join(" "),
    yTitle: "seconds per epoch",
    unit: "s",
  });
}

/** Lays the paper's points over the panels; says so, or why not. */
function overlay(
  panels: readonly SeriesPanel[],
  { sets }: StudyReport,
  published: PublishedComparison,
): string[] {
  const differences = new Set<string>();
  let isOverlaid = false;
  for (const { curves, series } of panels) {
    const found = overlayPublished(series, published);
    found.differences.forEach((name) => differences.add(name));
    if (found.points.length === 0) continue;
    curves.push({ name: "the paper", points: found.points });
    isOverlaid = true;
  }
  const images = new Set(
    sets.map(({ dataset }) =>
      dataset.trainPerClass.reduce((sum, rows) => sum + rows, 0)
        .toLocaleString("en")
    ),
  );
  if (isOverlaid) {
    return [
      `Crosses are the points that the paper printed (${PAPER}): the same protocol, one seed each, all 50,000 training images; the runs here had ${
        [...images].join(" or ")
      }.`,
    ];
  }
  return differences.size === 0 ? [] : [
    `The paper's points are left out, as these runs differ from its protocol in ${
      [...differences].join(", ")
    }.`,
  ];
}

function headingOf(metric: string): string {
  if (metric === "clean") return "Clean accuracy";
  if (metric === "worst case") return "Accuracy in the worst case";
  return `Accuracy under ${attackTitle(metric)}`;
}

function whatOf(metric: string, { sets }: StudyReport): string {
  const tests = new Set(
    sets.map(({ dataset }) =>
      dataset.testPerClass.reduce((sum, rows) => sum + rows, 0)
        .toLocaleString("en")
    ),
  );
  const images = `Per cent of ${[...tests].join(" or ")} test images`;
  if (metric === "clean") {
    return `${images} that are classified correctly, unattacked.`;
  }
  const radii = new Set(
    sets.flatMap(({ cells }) =>
      cells.map(({ config }) => formatEpsilon(config.evaluation.epsilon))
    ),
  );
  const within = `by at most ε = ${[...radii].join(" or ")} per pixel`;
  return metric === "worst case"
    ? `${images} that are classified correctly both unattacked and under every attack of the study (${within}).`
    : `${images} that are classified correctly after the attack changed them ${within}.`;
}

function spreadOf(chosen: readonly ReportSeries[]): string {
  const counts = chosen.flatMap(({ points }) => points.map((p) => p.seeds));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return "One seed, so there are no intervals.";
  const seeds = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const wide = fewest === 2
    ? " With two seeds an interval is so wide that it may leave the plot."
    : "";
  return `Points are means over ${seeds} seeds, bands their 95 % t intervals.${wide}`;
}
