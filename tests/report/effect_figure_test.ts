import { assert, assertEquals } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { inferenceOf } from "../../src/analysis/effect.ts";
import { drawEffectFigure } from "../../src/report/effect_figure.ts";
import { effectRowsOf } from "../../src/report/effect_rows.ts";
import { reportStudies } from "../../src/report/report_series.ts";
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
