import type { Mark } from "../spec/term.ts";

/**
 * How a curve is drawn. Colour is never the only difference: each style has its
 * own dash and point. The colours are darker forms of those of Okabe and Ito
 * (2008), for a contrast of 3:1 on white; the style sheet replaces them by
 * `dark` on a dark page.
 */
export interface CurveStyle {
  /** On white. */
  light: string;
  /** On a dark page. */
  dark: string;
  /** Lengths of dash and gap, in pixels. */
  dash: readonly number[];
  /** Form of the points. */
  shape: Mark;
}

const styles = {
  "circle": { light: "#0072b2", dark: "#56b4e9", dash: [1, 0] },
  "square": { light: "#b34f00", dark: "#e69f00", dash: [6, 3] },
  "triangle-up": { light: "#00795a", dark: "#2cc295", dash: [2, 2] },
  "diamond": { light: "#a0497a", dark: "#e3a0c6", dash: [8, 3, 2, 3] },
  "triangle-down": { light: "#2a2a2b", dark: "#f2f2f2", dash: [10, 3] },
  "cross": { light: "#5a5a5b", dark: "#b9b9ba", dash: [4, 4] },
} as const satisfies Record<Mark, Omit<CurveStyle, "shape">>;

/** Every mark, in the order in which free ones are given to curves. */
export const marks = Object.keys(styles) as readonly Mark[];

/**
 * The style of a mark, or that of a curve after all marks are taken.
 *
 * @param mark A mark, or the place of the curve in its figure, at least the
 * number of marks; the styles of the first 36 places differ.
 */
export function styleOf(mark: Mark | number): CurveStyle {
  if (typeof mark === "string") return { ...styles[mark], shape: mark };
  const { length } = marks;
  const shape = marks[mark % length]!;
  const colour = marks[(mark + Math.floor(mark / length)) % length]!;
  return { ...styles[colour], shape };
}

/** Style of the published points, which no line joins. */
export const publishedStyle: CurveStyle = styleOf("cross");

/** Text, axes and grid of a figure on white. */
export const ink = { text: "#1b1c1d", quiet: "#5c5d5e", grid: "#e3e3e4" };

const darkInk: Record<string, string> = {
  [ink.text]: "#ececed",
  [ink.quiet]: "#b0b0b1",
  [ink.grid]: "#3a3b3c",
};

/** Fills of the heat map, from a loss of accuracy to a gain, darkest at the ends. */
export const heatFills = [
  "#e8863d",
  "#f3b27f",
  "#fad9c0",
  "#f2f2f2",
  "#cfe3f2",
  "#92c1e3",
  "#569fd1",
] as const;

/** Text on those fills, whatever the page's colours. */
export const heatInk = "#101112";

/**
 * Style sheet that gives drawings their dark colours on a dark page; in print
 * they keep the light ones. Any rule overrides an attribute of SVG.
 */
export const drawingCss: string =
  `@media screen and (prefers-color-scheme:dark){${
    [
      ...Object.values(styles).map(({ light, dark }) => [light, dark]),
      ...Object.entries(darkInk),
    ].map(([light, dark]) =>
      `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`
    ).join("")
  }}`;
