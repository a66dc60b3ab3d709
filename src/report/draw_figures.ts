import { capitalise } from "../core/capitalise.ts";
import { accuracyOutcomes } from "./accuracy_outcomes.ts";
import type { PublishedComparison } from "../analysis/compare_published.ts";
import { attackTitle } from "../spec/attacks.ts";
import type { CoordinateKey } from "../spec/axes.ts";
import {
  coordinateOf,
  hasCopies,
  variantKeys,
  varyingKeys,
  wordOf,
} from "./arm_words.ts";
import { controlNames } from "../analysis/controls.ts";
import { drawClassFigure } from "./class_figure.ts";
import { drawConditionFigure } from "./condition_figure.ts";
import { describeControls } from "./describe_controls.ts";
import { listWords } from "../core/list_words.ts";
import { type Figure, slug } from "./figure.ts";
import {
  describeMetric,
  describeSpread,
  drawPublishedOver,
  joinSentences,
} from "./figure_captions.ts";
import { drawLearning, learningPanelsOf } from "./learning_figure.ts";
import { drawLineFigure } from "./line_figure.ts";
import {
  attacksOf,
  DISTINCT,
  type ReportSeries,
  type StudyReport,
} from "./report_series.ts";
import {
  describeTraining,
  panelsOf,
  type SeriesPanel,
} from "./series_panels.ts";

/** What figures need in addition to the curves. */
export interface FigureContext {
  /** Names of the classes, where they are known. */
  classNames?: readonly string[] | undefined;
  /** The published results. */
  published: PublishedComparison;
  /** Smallest change of accuracy that matters, in points. */
  margin: number;
}

/** What the curves of a figure show. */
interface Drawing {
  heading: string;
  /** What is measured, then what else a caption must say. */
  caption: readonly [measured: string, ...notes: string[]];
}

/**
 * All figures of a study: conditions compared; accuracy by policy, clean, in the worst case and under
 * each attack; the first two also by variant, such as copies and their controls;
 * accuracy during training; time; classes.
 */
export async function drawFigures(
  report: StudyReport,
  { classNames, published, margin }: FigureContext,
): Promise<Figure[]> {
  const { study, series } = report;
  const copies = series.filter(hasCopies);
  const conditions = await drawConditionFigure(report, margin);
  const figures: Figure[] = conditions === undefined ? [] : [conditions];
  const draw = async (
    panels: readonly SeriesPanel[],
    { heading, caption: [measured, ...notes] }: Drawing,
  ) => {
    if (panels.length === 0) return;
    const drawn = panels.flatMap(({ series }) => series);
    figures.push(
      await drawLineFigure(panels, {
        id: slug(`${study} ${heading}`),
        heading,
        caption: joinSentences(
          measured,
          describeTraining(drawn, panels),
          describeSpread(drawn),
          ...notes,
        ),
        yTitle: "accuracy, %",
        unit: "%",
      }),
    );
  };
  const byPolicy = (metric: string) =>
    panelsOf(copies.filter((s) => s.metric === metric), ["policy"], copies);

  const accuracies = [
    ...accuracyOutcomes,
    ...accuracyOutcomes.map(({ shown, title }) => ({
      shown: `${shown}${DISTINCT}`,
      title: `${title} on distinct images`,
    })),
  ];
  for (const { shown: metric, title } of accuracies) {
    const heading = capitalise(title);
    const measured = describeMetric(metric, report);
    const panels = byPolicy(metric);
    const isDistinct = metric.endsWith(DISTINCT);
    const note = isDistinct ? "" : drawPublishedOver(panels, report, published);
    await draw(panels, { heading, caption: [measured, note] });
    // Controls on distinct images are in the CSV only, for a shorter page.
    if (isDistinct) continue;
    const all = series.filter((s) => s.metric === metric);
    const by = varyingKeys(all.map(({ arm }) => arm), variantKeys);
    if (by.length === 0) continue;
    await draw(panelsOf(all, by), {
      heading: `${heading} by ${listHeadings(by)}`,
      caption: [measured, noteControls(all)],
    });
  }
  // The controls under single attacks are in the CSV only, for a shorter page.
  const attacks = attacksOf([report]).flatMap((attack) =>
    byPolicy(attack).map((panel, _, panels) => ({
      ...panel,
      title: panels.length === 1
        ? attackTitle(attack)
        : `${attackTitle(attack)} · ${panel.title}`,
    }))
  );
  const note = drawPublishedOver(attacks, report, published);
  await draw(attacks, {
    heading: "Accuracy under each attack",
    caption: [describeMetric("attack", report), note],
  });
  const learning = report.learning.filter(hasCopies);
  if (learning.length > 0) {
    const heading = "Accuracy during training";
    figures.push(
      await drawLearning(learningPanelsOf(learning), {
        learning,
        id: slug(`${study} ${heading}`),
        heading,
      }),
    );
  }
  const times = copies.filter(({ metric }) => metric === "epoch time");
  if (times.length > 0) figures.push(await drawTimes(times, study));
  const classes = await drawClassFigure(report, classNames);
  return classes === undefined ? figures : [...figures, classes];
}

/** What the curves of controls say; empty where there are none. */
function noteControls(series: readonly ReportSeries[]): string {
  const controls = controlNames.filter((name) =>
    series.some(({ arm }) => arm.standIn === name || arm.mode === name)
  );
  return controls.length === 0 ? "" : describeControls(
    controls,
    "the curve of the control follows that of the copies",
  );
}

/** Headings of coordinates, as in `control and copies`, in the words of the page. */
function listHeadings(keys: readonly CoordinateKey[]): string {
  return listWords(
    new Set(
      keys.map((key) =>
        key === "standIn" || key === "mode"
          ? "control"
          : coordinateOf(key).heading
      ),
    ),
  );
}

/** Time by backend, or by policy where there is only one backend. */
function drawTimes(
  copies: readonly ReportSeries[],
  study: string,
): Promise<Figure> {
  const wordsOf = (key: CoordinateKey) => [
    ...new Set(copies.map(({ arm }) => wordOf(arm, key))),
  ];
  const backends = wordsOf("backend");
  const panels = panelsOf(copies, [backends.length > 1 ? "backend" : "policy"]);
  const inSeconds = panels.map(({ title, curves }) => ({
    title,
    curves: curves.map((curve) => ({
      ...curve,
      points: curve.points.map((point) => ({
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
    heading: `Time per epoch, ${backends.join(", ")}`,
    caption: joinSentences(
      "Median time per epoch of each run, without its first epoch, in which code is compiled; the machines are listed under Provenance.",
      budgets.has("epochs")
        ? "With equal epochs an epoch is one pass over all images, copies included."
        : "",
      budgets.has("steps")
        ? "With equal steps an epoch has the same number of steps at every ratio, so its time should not change."
        : "",
      describeTraining(copies, panels),
      describeSpread(copies),
    ),
    yTitle: "seconds per epoch",
    unit: "s",
  });
}
