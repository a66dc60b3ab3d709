import { largest, smallest } from "../core/extremes.ts";
import type { FigureTable } from "./figure.ts";
import type { Band } from "./band.ts";
import type { LearningPoint } from "./learning_curves.ts";
import type { BandPoint } from "./report_series.ts";

/** A row of a table: its names, and its values by ratio or epoch. */
export interface BandRow {
  /** Its first cells, which name it. */
  names: string[];
  /** Its values. */
  points: readonly (BandPoint | LearningPoint)[];
}

/**
 * The numbers of a figure: one row per curve and one column per ratio or epoch,
 * each with the mean and, where there is one, its 95 % interval.
 */
export function bandTable(
  names: readonly string[],
  rows: readonly BandRow[],
  { unit, format }: { unit: string; format: (value: number) => string },
): FigureTable {
  const columnOf = (point: BandPoint | LearningPoint) =>
    "ratio" in point ? point.ratio : point.epoch;
  const all = rows.flatMap(({ points }) => points);
  const column = all.every((point) => "ratio" in point) ? "ratio" : "epoch";
  const columns = [...new Set(all.map(columnOf))].sort((a, b) => a - b);
  const hasIntervals = all.some(({ low }) => low !== null);
  return {
    caption: hasIntervals
      ? `Mean over seeds (95 % interval), ${unit}`
      : `Values of one seed, ${unit}`,
    head: [...names, "seeds", ...columns.map((at) => `${column} ${at}`)],
    rows: rows.map(({ names, points }) => {
      const counts = points.map(({ seeds }) => seeds);
      const [fewest, most] = [smallest(counts), largest(counts)];
      return [
        ...names,
        fewest === most ? `${most}` : `${fewest} to ${most}`,
        ...columns.map((at) => {
          const point = points.find((point) => columnOf(point) === at);
          return point === undefined ? "" : formatBand(point, format);
        }),
      ];
    }),
  };
}

/** A mean and its interval, as in `44.0 % (42.5 to 45.5)`; `unit` may be empty. */
export function formatBand(
  { mean, low, high }: Pick<Band, "mean" | "low" | "high">,
  format: (value: number) => string,
  unit = "",
): string {
  const text = `${format(mean)}${unit}`;
  return low === null || high === null
    ? text
    : `${text} (${format(low)} to ${format(high)})`;
}
