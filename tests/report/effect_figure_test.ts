import { assert, assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { inferenceOf } from "../../src/analysis/effect.ts";
import { drawEffectFigure } from "../../src/report/effect_figure.ts";
import { effectRowsOf } from "../../src/report/effect_rows.ts";
import { reportStudies } from "../../src/report/report_series.ts";
import { estimateTextWidth } from "../../src/report/text_width.ts";
import { readRecorded } from "../recorded_sets.ts";

const sets = [
  await readRecorded("corrected-standard-67934a9c"),
  await readRecorded("corrected-adversarial-c950251f"),
];
const rows = effectRowsOf(reportStudies(sets), 1);

Deno.test("effectRowsOf() has the slopes and intervals of the analysis", () => {
  const { trends } = analyse(sets);
  for (const { arm, mean, interval, seeds } of rows) {
    const trend = trends.find((one) =>
      one.metric === "clean" && JSON.stringify(one.arm) === JSON.stringify(arm)
    )!;
    assertEquals(mean, trend.test.mean);
    assertEquals(interval, inferenceOf(trend).interval);
    assertEquals(seeds, 6);
  }
});

Deno.test("effectRowsOf() has copies of every policy with the controls that fit", () => {
  const named = rows.map(({ training, group, name }) =>
    `${training}: ${group}, ${name}`
  );
  for (
    const expected of [
      "standard training: single-class, copies",
      "standard training: single-class, fresh images instead",
      "standard training: uniform, in a set of fixed size",
      "adversarial training: class-biased, weights instead",
    ]
  ) assert(named.includes(expected), expected);
  // At ratio 1 all weights of even copies are equal; replacing changes the class
  // mix of uneven copies.
  for (
    const unfit of [
      "standard training: uniform, weights instead",
      "standard training: single-class, in a set of fixed size",
    ]
  ) assert(!named.includes(unfit), unfit);
});

Deno.test("effectRowsOf() tells runs of one study apart, so that each has a place in the drawing", () => {
  const [set] = sets;
  const onGpu = structuredClone(set!);
  for (const { config } of onGpu.cells) config.backend = "webgpu";
  const other = structuredClone(set!);
  other.dataset.sha256 = "0".repeat(64);
  const all = effectRowsOf(reportStudies([set!, onGpu, other]), 1);
  const places = all.map(({ training, group, name }) =>
    [training, group, name].join()
  );
  assertEquals(new Set(places).size, places.length);
  const own = rows.filter(({ arm }) => arm.training === "standard");
  assertEquals(all.length, 3 * own.length);
  const groups = all.filter(({ arm, hasCopies }) =>
    arm.policy === "uniform" && hasCopies
  ).map(({ group }) => group);
  assertEquals(groups, [
    "uniform · wasm",
    "uniform · webgpu",
    "uniform · wasm · protocol 2",
  ]);
});

Deno.test("effectRowsOf() says that N-FGSM is adversarial training", async () => {
  const study = reportStudies([await readRecorded("protocol-adversarial")]);
  assertEquals(
    [...new Set(effectRowsOf(study, 1).map(({ training }) => training))],
    ["adversarial training (N-FGSM)"],
  );
});

Deno.test("effectRowsOf() has nothing of networks at chance level", async () => {
  const chance = reportStudies([await readRecorded("sweep-37c81226")]);
  assertEquals(effectRowsOf(chance, 1), []);
});

Deno.test("drawEffectFigure() says every effect in words, and draws it", async () => {
  const figure = await drawEffectFigure(rows, {
    id: "effects",
    heading: "Effects",
    margin: 1,
  });
  assertEquals(figure!.panels.map(({ title }) => title), [
    "Standard training",
    "Adversarial training",
  ]);
  assertEquals(figure!.table.rows.length, rows.length);
  assert(
    figure!.panels[0]!.alt.includes(
      "single-class, copies: −25.6 [−28.2, −23.0] points.",
    ),
  );
  for (const panel of figure!.panels) {
    assert(panel.inline.includes("copies"));
    assert(!panel.inline.includes("NaN"));
    // The file of the figure is the drawing of all panels: no other is made.
    assertEquals("standalone" in panel, false);
  }
  assert(figure!.wide!.standalone.includes("Adversarial training"));
  const texts = [...figure!.wide!.standalone.matchAll(/<text[^>]*>([^<]+)</g)]
    .map(([, text]) => text);
  for (const { group, name } of rows) {
    assert(texts.some((text) => text!.startsWith(group)), group);
    assert(texts.includes(name), name);
  }
  // Rows have one label for all ways to train, and those that did not run a dash.
  const labels = new Set(rows.map(({ group, name }) => `${group}, ${name}`));
  assertEquals(
    texts.filter((text) => text === "–").length,
    2 * labels.size - rows.length,
  );
  assert(texts.includes("class-biased (uneven across classes)"));
  assertEquals(
    await drawEffectFigure([], { id: "a", heading: "A", margin: 1 }),
    undefined,
  );
});

/** Texts of a drawing with the x of their element. */
function textsOf(svg: string): { text: string; x: number; bold: boolean }[] {
  return [...svg.matchAll(
    /<text [^>]*transform="translate\((-?[\d.]+),[^"]*"([^>]*)>([^<]+)</g,
  )].map(([, x, style, text]) => ({
    x: Number(x),
    bold: /font-weight="600"/.test(style!),
    text: text!.replaceAll("&amp;", "&"),
  }));
}

Deno.test("drawEffectFigure() keeps labels of many studies left of the plots, and has no empty column", async () => {
  const names = ["multiplicity", "ratios", "widths", "dedup", "sizes"];
  const studies = await Promise.all(
    [
      ...names.map((name) => `protocol-${name}`),
      "corrected-adversarial-mini",
      "corrected-adversarial-c950251f",
    ].map(readRecorded),
  );
  const many = effectRowsOf(reportStudies(studies), 1);
  const figure = await drawEffectFigure(many, {
    id: "effects",
    heading: "Effects",
    margin: 1,
  });
  const { standalone } = figure!.wide!;
  for (const svg of [standalone, ...figure!.panels.map((p) => p.inline)]) {
    const labels = textsOf(svg).filter(({ x }) => x < 0);
    assert(labels.length > 5);
    for (const { text, x, bold } of labels) {
      // What is drawn is at most 0.83 of the estimate; ends left of the plot at 0.
      const style = { fontSize: 13, fontWeight: bold ? 600 : "normal" };
      assert(x + 0.83 * estimateTextWidth(style, text) <= 0, text);
    }
  }
  // No row is of both ways to train, so that one is drawn below the other.
  const texts = textsOf(standalone).map(({ text }) => text);
  assert(!texts.includes("–"));
  assertEquals(
    texts.filter((text) => text === "points per copy per original").length,
    2,
  );
  // Copies of one policy share a heading, and what tells them apart names the row.
  for (
    const label of [
      "10 copies of each image",
      "width 0.25",
      "5,000 training images",
      "protocol-dedup",
      "concentrated (few images)",
    ]
  ) {
    assertEquals(
      texts.filter((text) => text === label).length >= 1,
      true,
      label,
    );
  }
  assertEquals(
    texts.filter((text) => text === "class-biased (uneven across classes)")
      .length,
    1,
  );
});
