import type { FigureTable } from "./figure.ts";
import type { BandPoint } from "./report_series.ts";

/** A row of a table: what it is of, and its values by ratio. */
export interface RatioRow {
  /** The cells that name it. */
  names: string[];
  /** Its values. */
  points: readonly BandPoint[];
}

/**
 * The numbers behind a figure: a row a curve, a column a ratio, in each cell the
 * mean and its 95 % interval, where there is one.
 */
export function ratioTable(
  names: readonly string[],
  rows: readonly RatioRow[],
  { unit, format }: { unit: string; format: (value: number) => string },
): FigureTable {
  const ratios = [
    ...new Set(rows.flatMap(({ points }) => points.map((p) => p.ratio))),
  ].sort((a, b) => a - b);
  const hasIntervals = rows.some(({ points }) =>
    points.some(({ low }) => low !== null)
  );
  return {
    caption: hasIntervals
      ? `Mean over seeds (95 % interval), ${unit}`
      : `Values of one seed, ${unit}`,
    head: [...names, "seeds", ...ratios.map((ratio) => `ratio ${ratio}`)],
    rows: rows.map(({ names, points }) => {
      const counts = points.map(({ seeds }) => seeds);
      const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
      return [
        ...names,
        fewest === most ? `${most}` : `${fewest} to ${most}`,
        ...ratios.map((ratio) => {
          const point = points.find((p) => p.ratio === ratio);
          return point === undefined ? "" : formatBand(point, format);
        }),
      ];
    }),
  };
}

/** A mean and its interval, as in `44.0 (42.5 to 45.5)`. */
export function formatBand(
  { mean, low, high }: Pick<BandPoint, "mean" | "low" | "high">,
  format: (value: number) => string,
): string {
  return low === null || high === null
    ? format(mean)
    : `${format(mean)} (${format(low)} to ${format(high)})`;
}
