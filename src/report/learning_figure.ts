import type { Curve } from "./draw_panel.ts";
import type { Figure } from "./figure.ts";
import { describeSpread, joinSentences } from "./figure_captions.ts";
import type { LearningCurve } from "./learning_curves.ts";
import { drawLineFigure } from "./line_figure.ts";
import { styleOf } from "./palette.ts";
import { describeTraining, titlesOf } from "./series_panels.ts";

/** Curves of one plot of accuracy during training. */
export interface LearningPanel {
  /** What they have in common, where panels differ in it. */
  title: string;
  /** Ratio 0, and the largest one. */
  curves: Curve[];
}

/** Accuracy during training, with a panel for each policy. */
export function learningPanelsOf(
  learning: readonly LearningCurve[],
): LearningPanel[] {
  const titles = titlesOf(learning, []);
  const largest = new Set(
    learning.map(({ ratio }) => ratio).filter((ratio) => ratio > 0),
  );
  // One name has one style in a figure, also where panels end at other ratios.
  const name = largest.size === 1
    ? `ratio ${[...largest][0]}`
    : "largest ratio";
  return [...Map.groupBy(learning, (_, i) => titles[i]!)].map((
    [title, curves],
  ) => ({
    title,
    curves: curves.map(({ ratio, points }) => ({
      ...(ratio === 0
        ? { name: "ratio 0", style: styleOf("circle") }
        : { name, style: styleOf("square") }),
      points,
    })),
  }));
}

/** Draws these panels on one scale. */
export function drawLearning(
  panels: readonly LearningPanel[],
  { learning, id, heading }: {
    learning: readonly LearningCurve[];
    id: string;
    heading: string;
  },
): Promise<Figure> {
  const largest = new Set(
    learning.map(({ ratio }) => ratio).filter((ratio) => ratio > 0),
  );
  return drawLineFigure(panels, {
    id,
    heading,
    caption: joinSentences(
      `Clean accuracy, evaluated between epochs, at ratio 0 and at the largest ratio, ${
        [...largest].join(" or ")
      }, against the number of gradient steps.`,
      describeTraining(learning, panels),
      describeSpread(learning),
    ),
    yTitle: "accuracy, %",
    unit: "%",
  });
}
