/** One drawing of a figure. */
export interface FigurePanel {
  /** Name of its file, without ending; unique in a report. */
  id: string;
  /** What it is of. */
  title: string;
  /** What it shows, in numbers. */
  alt: string;
  /** SVG for the page. */
  inline: string;
  /** SVG with title and legend, for a file. */
  alone: string;
}

/** Numbers behind drawings. */
export interface FigureTable {
  /** What its cells say, and in which unit. */
  caption: string;
  /** Names of its columns. */
  head: string[];
  /** Its rows; the first two cells of each name it. */
  rows: string[][];
}

/** Drawings of one thing, with the numbers behind them. */
export interface Figure {
  /** Unique in a report. */
  id: string;
  /** Heading. */
  heading: string;
  /** What is drawn, and how to read it. */
  caption: string;
  /** Small multiples, all on one scale. */
  panels: FigurePanel[];
  /** Names of its curves. */
  legend: string[];
  /** The numbers. */
  table: FigureTable;
}

/** Text as the name of a file or anchor. */
export function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
