import type { PublishedComparison } from "../analysis/compare_published.ts";
import { drawClassFigure } from "./class_figure.ts";
import { type Figure, slug } from "./figure.ts";
import { drawLineFigure } from "./line_figure.ts";
import { overlayPublished } from "./published_points.ts";
import type { Band } from "./band.ts";
import type { LearningCurve } from "./learning_curves.ts";
import type { ReportSeries, StudyReport } from "./report_series.ts";
import {
  commonTraining,
  hasCopies,
  panelsOf,
  type SeriesPanel,
  titlesOf,
} from "./series_panels.ts";
import { attacksOf, attackTitle, formatEpsilon } from "./terms.ts";

/** What figures need besides the curves. */
export interface FigureContext {
  /** Names of the classes, where they are known. */
  classNames?: readonly string[] | undefined;
  /** The published figures. */
  published: PublishedComparison;
}

/**
 * All figures of a study: accuracy by policy, clean, in the worst case and under
 * each attack; the first two beside the controls; time; classes.
 */
export async function drawFigures(
  report: StudyReport,
  { classNames, published }: FigureContext,
): Promise<Figure[]> {
  const { study, series } = report;
  const copies = series.filter(hasCopies);
  const figures: Figure[] = [];
  const draw = async (
    panels: readonly SeriesPanel[],
    heading: string,
    caption: readonly string[],
  ) => {
    if (panels.length === 0) return;
    const drawn = panels.flatMap(({ series }) => series);
    const texts = [
      caption[0]!,
      commonTraining(drawn, panels),
      spreadOf(drawn),
      ...caption.slice(1),
    ];
    figures.push(
      await drawLineFigure(panels, {
        id: slug(`${study} ${heading}`),
        heading,
        caption: texts.filter((text) => text !== "").join(" "),
        yTitle: "accuracy, %",
        unit: "%",
      }),
    );
  };
  const byPolicy = (metric: string) =>
    panelsOf(copies.filter((s) => s.metric === metric), "policy");

  for (
    const [metric, heading] of [
      ["clean", "Clean accuracy"],
      ["worst case", "Accuracy in the worst case"],
    ] as const
  ) {
    const panels = byPolicy(metric);
    const notes = overlay(panels, report, published);
    await draw(panels, heading, [whatOf(metric, report), ...notes]);
    const all = series.filter((s) => s.metric === metric);
    if (all.every(hasCopies)) continue;
    await draw(panelsOf(all, "stand-in"), `${heading}, beside controls`, [
      whatOf(metric, report),
      "Where a control's curve follows that of the copies, repetition is not shown to be what moves accuracy.",
    ]);
  }
  // Of single attacks the controls are in the CSV: the page is long enough.
  const attacks = attacksOf([report]).flatMap((attack) =>
    byPolicy(attack).map((panel, _, panels) => ({
      ...panel,
      title: panels.length === 1
        ? attackTitle(attack)
        : `${attackTitle(attack)} · ${panel.title}`,
    }))
  );
  const notes = overlay(attacks, report, published);
  await draw(attacks, "Accuracy under each attack", [
    whatOf("attack", report),
    ...notes,
  ]);
  const learning = report.learning.filter(hasCopies);
  if (learning.length > 0) figures.push(await drawLearning(learning, study));
  const times = copies.filter(({ metric }) => metric === "epoch time");
  if (times.length > 0) figures.push(await drawTimes(times, study));
  const classes = await drawClassFigure(report, classNames);
  return classes === undefined ? figures : [...figures, classes];
}

/** Accuracy in the course of training, a panel for each policy. */
function drawLearning(
  learning: readonly LearningCurve[],
  study: string,
): Promise<Figure> {
  const titles = titlesOf(learning, "ratio");
  const panels = [...Map.groupBy(learning, (_, i) => titles[i]!)].map((
    [title, curves],
  ) => ({
    title,
    curves: curves.map(({ ratio, points }) => ({
      name: ratio === 0 ? "ratio 0" : "largest ratio",
      points,
    })),
  }));
  const largest = new Set(
    learning.map(({ ratio }) => ratio).filter((ratio) => ratio > 0),
  );
  const heading = "Accuracy in the course of training";
  return drawLineFigure(panels, {
    id: slug(`${study} ${heading}`),
    heading,
    caption: [
      `Clean accuracy, counted between epochs, at ratio 0 and at the largest ratio, ${
        [...largest].join(" or ")
      }, against the gradient steps done until then.`,
      commonTraining(learning, panels),
      spreadOf(learning),
    ].filter((text) => text !== "").join(" "),
    yTitle: "accuracy, %",
    unit: "%",
  });
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
      commonTraining(copies, panels),
      spreadOf(copies),
    ].filter((text) => text !== "").join(" "),
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
      `Crosses are what the paper printed, by the same protocol: one seed each, all 50,000 training images; the runs here had ${
        [...images].join(" or ")
      }.`,
    ];
  }
  return differences.size === 0 ? [] : [
    `The paper's points are left out, as these runs differ from its protocol in ${
      [...differences].join(" and ")
    }.`,
  ];
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
    const chances = new Set(
      sets.map(({ dataset: { testPerClass } }) =>
        Math.max(...testPerClass) / testPerClass.reduce((sum, n) => sum + n, 0)
      ),
    );
    const chance = [...chances].map((share) =>
      `${Number((100 * share).toFixed(1))} %`
    );
    return `${images} that are classified correctly, unattacked; always guessing the commonest class gives ${
      chance.join(" or ")
    }.`;
  }
  const radii = new Set(
    sets.flatMap(({ cells }) =>
      cells.map(({ config }) => formatEpsilon(config.evaluation.epsilon))
    ),
  );
  const within = `each pixel changed by at most ε = ${[...radii].join(" or ")}`;
  return metric === "worst case"
    ? `${images} that are classified correctly unattacked and under every attack of the study, ${within}.`
    : `${images} that are classified correctly under the attack, ${within}.`;
}

function spreadOf(
  chosen: readonly { points: readonly Band[] }[],
): string {
  const counts = chosen.flatMap(({ points }) => points.map((p) => p.seeds));
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return "One seed, so there are no intervals.";
  const seeds = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const wide = fewest === 2
    ? " With two seeds an interval is so wide that it may leave the plot."
    : "";
  return `Points are means over ${seeds} seeds, bands the 95 % t intervals of the means.${wide}`;
}
