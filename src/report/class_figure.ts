import { largest, smallest } from "../core/extremes.ts";
import { hasCopies } from "./arm_words.ts";
import { drawHeatPanel } from "./draw_panel.ts";
import { formatChange } from "../core/format_change.ts";
import { type Figure, type FigurePanel, slug } from "./figure.ts";
import { bandTable } from "./band_table.ts";
import type { ClassChange, StudyReport } from "./report_series.ts";
import { describeTraining, titlesOf } from "./series_panels.ts";

/** Draws the change of accuracy of each class; nothing where no copies were added. */
export async function drawClassFigure(
  { study, classes, sets }: StudyReport,
  classNames: readonly string[] | undefined,
): Promise<Figure | undefined> {
  const chosen = classes.filter(hasCopies);
  if (chosen.length === 0) return undefined;
  const nameOf = (label: number) => classNames?.[label] ?? `class ${label}`;
  const titles = titlesOf(chosen, []);
  const groups = Map.groupBy(chosen, (_, i) => titles[i]!);
  const reach = Math.max(
    1,
    largest(chosen.map(({ mean }) => Math.abs(mean))),
  );
  const id = slug(`${study} classes`);
  const panels: FigurePanel[] = [];
  for (const [title, changes] of groups) {
    const panel = {
      title: `Change of accuracy by class: ${title}`,
      names: [...new Set(changes.map((c) => nameOf(c.class)))],
      reach,
      cells: changes.map(({ class: label, ratio, mean }) => ({
        name: nameOf(label),
        ratio,
        mean,
      })),
    };
    const sorted = changes.toSorted((a, b) => a.mean - b.mean);
    const tell = ({ class: label, ratio, mean }: ClassChange) =>
      `${formatChange(mean)} points for ${nameOf(label)} at ratio ${ratio}`;
    panels.push({
      id: slug(`${id} ${title}`),
      title,
      alt: `Change of accuracy by class, ${title}: from ${
        tell(sorted[0]!)
      } to ${tell(sorted.at(-1)!)}.`,
      inline: await drawHeatPanel(panel, { alone: false }),
      standalone: await drawHeatPanel(panel, { alone: true }),
    });
  }
  const fewest = smallest(
    sets.flatMap(({ dataset }) => dataset.testPerClass).filter((n) => n > 0),
  );
  return {
    id,
    heading: "Change of accuracy by class",
    caption:
      `Clean accuracy minus that of the same seed at ratio 0, mean over seeds, in points: orange and − are a loss, blue and + a gain; darker is larger. One test image of a class counts up to ${
        (100 / fewest).toFixed(1)
      } points, so a single value may be chance${
        chosen.some(({ low }) => low !== null)
          ? "; its interval is in the table"
          : ", as there is only one seed"
      }. ${describeTraining(chosen, panels)}`.trim(),
    panels,
    table: bandTable(
      ["runs", "class"],
      [...groups].flatMap(([title, changes]) =>
        [...Map.groupBy(changes, (change) => change.class)].map((
          [label, points],
        ) => ({ names: [title, nameOf(label)], points }))
      ),
      { unit: "points", format: formatChange },
    ),
  };
}
