import type { CurveStyle } from "./palette.ts";

/** One drawing of a figure, as the page has it. */
export interface PageDrawing {
  /** Name of its file, without extension; unique in a report. */
  id: string;
  /** What tells it apart from the other panels. */
  title: string;
  /** What it shows, in numbers, for readers who do not see it. */
  alt: string;
  /** Its curves, where it has more than one. */
  legend?: readonly LegendEntry[];
  /** SVG for the page. */
  inline: string;
}

/** A drawing that has a file of its own, too. */
export interface FigurePanel extends PageDrawing {
  /** SVG with title and legend, for a file of its own. */
  standalone: string;
}

/** The numbers of a figure. */
export interface FigureTable {
  /** What its cells contain, and in which unit. */
  caption: string;
  /** Names of its columns. */
  head: string[];
  /** Its rows; the first two cells of each name it. */
  rows: string[][];
}

/** A curve in a legend. */
export interface LegendEntry {
  /** Its name. */
  name: string;
  /** How it is drawn. */
  style: CurveStyle;
  /** Whether no line joins its points. */
  isPointsOnly: boolean;
}

/** Drawings of one measure, with their numbers. */
export type Figure = FigureText & FigureDrawings;

/** What a figure says. */
interface FigureText {
  /** Unique in a report. */
  id: string;
  /** Heading. */
  heading: string;
  /** What is drawn, and how to read it. */
  caption: string;
  /** The numbers. */
  table: FigureTable;
}

/** What a figure shows: each drawing that is a file is made for it. */
export type FigureDrawings =
  | {
    /** Small multiples, all with the same scale. */
    panels: FigurePanel[];
    wide?: undefined;
  }
  | {
    /** Small multiples, which are no files. */
    panels: PageDrawing[];
    /** All of them in one drawing, for where it is legible: it is wide. */
    wide: FigurePanel;
  };

/** Text as the name of a file or anchor. */
export function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/** Numbers ids that were given before, as different texts may have one slug. */
export function distinctIds(): (id: string) => string {
  const taken = new Set<string>();
  return (id) => {
    let own = id;
    for (let n = 2; taken.has(own); n++) own = `${id}-${n}`;
    taken.add(own);
    return own;
  };
}

/** Longest id: with an ending it is the name of a file, of which systems allow 255. */
const LONGEST_ID = 160;

/** Gives figures, and their drawings, ids that no other in a report has. */
export function nameApart(): <F extends Figure | undefined>(figure: F) => F {
  const [idOfFigure, idOfDrawing] = [distinctIds(), distinctIds()];
  const rename = <P extends PageDrawing>(panel: P): P => ({
    ...panel,
    id: idOfDrawing(shorten(panel.id)),
  });
  return (figure) =>
    figure && {
      ...figure,
      id: idOfFigure(shorten(figure.id)),
      panels: figure.panels.map(rename),
      ...(figure.wide && { wide: rename(figure.wide) }),
    };
}

function shorten(id: string): string {
  return id.slice(0, LONGEST_ID).replace(/-$/, "");
}

/** The drawings of a figure that are files: one for all panels if there is one. */
export function filesOf(
  { panels, wide }: FigureDrawings,
): readonly FigurePanel[] {
  return wide === undefined ? panels : [wide];
}
