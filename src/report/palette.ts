/**
 * How a curve is drawn. Colour is never alone: each has a dash and a point of
 * its own. The colours are darker forms of those of Okabe and Ito (2008), for 3:1
 * against white; `dark` takes their place on a dark page, by style sheet.
 */
export interface CurveStyle {
  /** On white. */
  light: string;
  /** On a dark page. */
  dark: string;
  /** Lengths of dash and gap, in pixels. */
  dash: number[];
  /** Form of the points. */
  shape:
    | "circle"
    | "square"
    | "triangle-up"
    | "diamond"
    | "triangle-down"
    | "cross";
}

const circle: CurveStyle = {
  light: "#0072b2",
  dark: "#56b4e9",
  dash: [1, 0],
  shape: "circle",
};
const square: CurveStyle = {
  light: "#b34f00",
  dark: "#e69f00",
  dash: [6, 3],
  shape: "square",
};
const triangle: CurveStyle = {
  light: "#00795a",
  dark: "#2cc295",
  dash: [2, 2],
  shape: "triangle-up",
};
const diamond: CurveStyle = {
  light: "#a0497a",
  dark: "#e3a0c6",
  dash: [8, 3, 2, 3],
  shape: "diamond",
};
const wedge: CurveStyle = {
  light: "#2a2a2b",
  dark: "#f2f2f2",
  dash: [10, 3],
  shape: "triangle-down",
};
const cross: CurveStyle = {
  light: "#5a5a5b",
  dark: "#b9b9ba",
  dash: [4, 4],
  shape: "cross",
};

const styles = [circle, square, triangle, diamond, wedge, cross];

/** Styles by what the curve is of. */
export const curveStyles: Readonly<Record<string, CurveStyle>> = {
  "uniform": circle,
  "class-biased": square,
  "single-class": triangle,
  "concentrated": diamond,
  "whole-copies": wedge,
  "copies": circle,
  "weights": square,
  "fresh": triangle,
  "copies, replacing": diamond,
  "near copies": wedge,
  "near copies, replacing": cross,
  "wasm": circle,
  "webgpu": square,
  "cpu": triangle,
  "ratio 0": circle,
  "largest ratio": square,
  "the paper": cross,
};

/** Text, axes and grid of a drawing on white. */
export const ink = { text: "#1b1c1d", quiet: "#5c5d5e", grid: "#e3e3e4" };

const darkInk: Record<string, string> = {
  [ink.text]: "#ececed",
  [ink.quiet]: "#b0b0b1",
  [ink.grid]: "#3a3b3c",
};

/** Fills of the heat map from a loss of accuracy to a gain, darkest at ends. */
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
 * Style sheet that turns drawings to dark colours with the page; on paper they
 * stay as they are. Attributes of SVG yield to any rule.
 */
export const drawingCss: string =
  `@media screen and (prefers-color-scheme:dark){${
    [
      ...styles.map(({ light, dark }) => [light, dark]),
      ...Object.entries(darkInk),
    ].map(([light, dark]) =>
      `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`
    ).join("")
  }}`;
