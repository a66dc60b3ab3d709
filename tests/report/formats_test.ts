import { assert, assertEquals } from "@std/assert";
import { decoders } from "../../src/data/decode/imagescript.ts";
import { openStream } from "../../src/core/stream.ts";
import { drawPanel } from "../../src/report/draw_panel.ts";
import { formatChange } from "../../src/core/format_change.ts";
import { styleOf } from "../../src/report/palette.ts";
import { enlarge, toDataUri } from "../../src/report/format_examples.ts";
import { escapeHtml } from "../../src/report/html.ts";
import { markdownTable } from "../../src/report/format_report_markdown.ts";
import { bandTable } from "../../src/report/band_table.ts";
import { toCsv } from "../../src/report/report_csv.ts";
import { quoteWord } from "../../src/core/shell_words.ts";

Deno.test("toCsv() quotes as RFC 4180 asks, with CRLF", () => {
  assertEquals(
    toCsv([
      { name: 'a "b", c', text: "line\nbreak", n: 1.5 },
      { name: "plain", text: "", n: null },
    ]),
    'name,text,n\r\n"a ""b"", c","line\nbreak",1.5\r\nplain,,\r\n',
  );
});

Deno.test("markdownTable() escapes cells that would break the table", () => {
  assertEquals(
    markdownTable(["a", "b"], [["x|y", "1\n2"]]),
    "| a | b |\n| --- | --- |\n| x\\|y | 1 2 |",
  );
});

Deno.test("escapeHtml() and quoteWord() escape what has a meaning in HTML and shells", () => {
  assertEquals(escapeHtml(`<a b="c">&`), "&lt;a b=&quot;c&quot;&gt;&amp;");
  assertEquals(quoteWord("results/quick.json"), "results/quick.json");
  assertEquals(quoteWord("it's a"), "'it'\\''s a'");
  assertEquals(quoteWord("two  spaces "), "'two  spaces '");
  assertEquals(quoteWord("a\nb"), "'a b'");
});

Deno.test("toDataUri() takes photographs, whose files have more bytes than a call has arguments", () => {
  const shape = [224, 224, 3] as const;
  const stream = openStream(0, "split", "photograph");
  const pixels = Uint8Array.from(
    { length: 224 * 224 * 3 },
    () => stream.below(256),
  );
  const uri = toDataUri(enlarge(pixels, shape), [672, 672, 3]);
  assertEquals(uri.length > 200_000, true);
});

Deno.test("formatChange() has a true minus and no signed zero", () => {
  assertEquals([-1.25, 0.04, -0.04, 2].map(formatChange), [
    "−1.3",
    "0.0",
    "0.0",
    "+2.0",
  ]);
});

Deno.test("toDataUri() is a PNG that decodes to the same pixels", async () => {
  const pixels = Uint8Array.from(
    { length: 4 * 5 * 3 },
    (_, i) => (i * 37) % 256,
  );
  const uri = toDataUri(pixels, [4, 5, 3]);
  const file = Uint8Array.from(
    atob(uri.replace("data:image/png;base64,", "")),
    (char) => char.charCodeAt(0),
  );
  const decoded = await decoders.png(file);
  assertEquals([decoded.width, decoded.height], [5, 4]);
  const rgb = decoded.pixels.filter((_, i) => i % 4 < 3);
  assertEquals([...rgb], [...pixels]);
});

Deno.test("enlarge() makes each pixel a square of three", () => {
  const [a, b, c, d] = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, 1, 0]];
  const large = enlarge(Uint8Array.from([a, b, c, d].flat()), [2, 2, 3]);
  const row = (left: number[], right: number[]) =>
    [left, left, left, right, right, right].flat();
  assertEquals(
    [...large],
    [0, 0, 0, 1, 1, 1].flatMap((i) => i === 0 ? row(a!, b!) : row(c!, d!)),
  );
});

Deno.test("bandTable() has one row per curve and one column per ratio", () => {
  const point = (ratio: number, seeds: number, low: number | null) => ({
    ratio,
    seeds,
    mean: 10 * ratio,
    low,
    high: low === null ? null : 9,
  });
  assertEquals(
    bandTable(
      ["curve"],
      [
        { names: ["a"], points: [point(0, 2, -1), point(2, 2, 3)] },
        { names: ["b"], points: [point(0, 2, -1), point(1, 1, null)] },
      ],
      { unit: "points", format: String },
    ),
    {
      caption: "Mean over seeds (95 % interval), points",
      head: ["curve", "seeds", "ratio 0", "ratio 1", "ratio 2"],
      rows: [
        ["a", "2", "0 (-1 to 9)", "", "20 (3 to 9)"],
        ["b", "1 to 2", "0 (-1 to 9)", "10", ""],
      ],
    },
  );
});

Deno.test("drawPanel() puts means and intervals where the scale says", async () => {
  const svg = await drawPanel({
    title: "t",
    yTitle: "y",
    domain: [0, 100],
    curves: [{
      name: "copies",
      style: styleOf("circle"),
      points: [
        { ratio: 0, seeds: 3, mean: 50, low: 40, high: 60 },
        { ratio: 1, seeds: 3, mean: 25, low: 0, high: 50 },
      ],
    }],
  }, { alone: false });
  // 170 pixels for 100 points, from the top; the padding is 8 of 250 pixels.
  const line = /d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"[^>]*stroke="#0072b2"/
    .exec(svg);
  assert(line, svg);
  assertEquals([line[2], line[4]].map(Number), [85, 127.5]);
  // A drawing alone has a legend, with every word of it.
  const name = "fresh images in the place of the copies, of the same classes";
  const alone = await drawPanel({
    title: "t",
    yTitle: "y",
    domain: [0, 100],
    curves: [{
      name,
      style: styleOf("circle"),
      points: [{ ratio: 0, seeds: 1, mean: 50, low: null, high: null }],
    }],
  }, { alone: true });
  assert(alone.includes(`>${name}<`), alone);
  assertEquals(svg.includes(",102"), true, "40 points");
  assertEquals(svg.includes(",68"), true, "60 points");
});
