import { assert, assertEquals } from "@std/assert";
import { drawHeatPanel, drawPanel } from "../../src/report/draw_panel.ts";
import { styleOf } from "../../src/report/palette.ts";
import { estimateTextWidth, wrapText } from "../../src/report/text_width.ts";

/** Widths in pixels at a font of 100, measured in Chromium with DejaVu Sans. */
const measured = {
  "iiiiiiiiii": 278,
  "WWWWWWWWWW": 989,
  "mmmmmmmmmm": 974,
  "0123456789": 636,
  "[]()/.,;:!": 364,
  "#&+<=>^~": 664,
};

Deno.test("estimateTextWidth() is at least the width in DejaVu Sans, and less than twice", () => {
  for (const [text, width] of Object.entries(measured)) {
    const estimate = estimateTextWidth({ fontSize: 100 }, text);
    assert(estimate >= width, `${text}: ${estimate} < ${width}`);
    assert(estimate < 2 * width, `${text}: ${estimate}`);
  }
});

Deno.test("estimateTextWidth() knows bold text, limits and characters as wide as high", () => {
  const bold = estimateTextWidth({ fontSize: 100, fontWeight: 600 }, "WWWW");
  assert(bold >= 440, `${bold}`);
  assertEquals(estimateTextWidth({ fontSize: 12, limit: 50 }, "WWWWWWWW"), 50);
  assert(estimateTextWidth({ fontSize: 12 }, "飛行機") >= 36);
  assertEquals(estimateTextWidth({}, "  "), 0);
});

const sizeOf = (svg: string) => Number(/ width="([\d.]+)"/.exec(svg)![1]);

/** A panel of one point. */
const panelOf = (title: string) => ({
  title,
  yTitle: "accuracy, %",
  domain: [0, 100] as const,
  curves: [{
    name: "copies",
    style: styleOf("circle"),
    points: [{ ratio: 0, seeds: 1, mean: 50, low: null, high: null }],
  }],
});

Deno.test("drawPanel() is as wide as its plot and axis, whatever the titles of its axes", async () => {
  const svg = await drawPanel(panelOf("t"), { alone: false });
  // The plot has 250 pixels; the axis left of it has a title and three digits.
  assert(sizeOf(svg) < 310, `${sizeOf(svg)}`);
});

Deno.test("drawHeatPanel() has room for names in scripts whose characters are wide", async () => {
  const name = "飛行機自動車鳥猫鹿犬蛙馬";
  const svg = await drawHeatPanel({
    title: "t",
    names: [name],
    reach: 1,
    cells: [{ name, ratio: 1, mean: 1 }],
  }, { alone: false });
  // Each is as wide as the font is high, 12 pixels.
  const left = Number(/translate\(([\d.]+),/.exec(svg)![1]);
  assert(left >= 12 * [...name].length, `${left}`);
});

Deno.test("wrapText() breaks between words, and a word that is wider after its hyphens", () => {
  const style = { fontSize: 10 };
  const text = "some words and a-very-long-name-of-a-study · b";
  const lines = wrapText(style, text, 80);
  assert(lines.length > 3);
  for (const line of lines) {
    assert(0.83 * estimateTextWidth(style, line) <= 80, line);
  }
  assertEquals(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
  assertEquals(wrapText(style, text, 1000), [text]);
  assertEquals(wrapText(style, "unbreakable", 10), ["unbreakable"]);
});

Deno.test("drawPanel() is as wide with a long title, which has several lines, as with a short one", async () => {
  const long = await drawPanel(
    panelOf(
      "Duplicates make training less efficient: standard training · uniform · protocol-conflict, protocol-widths and protocol-sizes",
    ),
    { alone: true },
  );
  assert(sizeOf(long) < 420, `${sizeOf(long)}`);
  assert(long.includes("protocol-sizes"));
});
