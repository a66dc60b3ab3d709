import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
} from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { drawLevelFigure } from "../../src/report/level_figure.ts";
import { makeReport } from "../../src/report/make_report.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import type { StudyInput } from "../../src/spec/study.ts";
import { imagine, type World } from "../analysis/_imagine.ts";
import { readRecorded } from "../recorded_sets.ts";

const base: Partial<StudyInput> = {
  name: "widths",
  training: ["standard"],
  budget: ["steps"],
  policy: ["uniform", "class-biased"],
  width: [0.25, 1],
  ratios: [0, 0.8],
  seeds: [1, 2, 3, 4],
  attacks: [],
};

/** Uniform copies cost 1 point per copy, class-biased ones 2 or, if wide, 5. */
const world: World = ({ seed, width = 1, duplication: { policy, ratio } }) => ({
  accuracy: 60 + seed + 5 * width -
    (policy === "uniform" ? 1 : width === 1 ? 5 : 2) * ratio,
});

const figureOf = (study: Partial<StudyInput> = {}, of = world) =>
  drawLevelFigure(analyse([imagine(of, { ...base, ...study })]).levels, {
    id: "levels",
    margin: 1,
  });

/** A cell of the table without the interval. */
const meanOf = (text = "") => text.replace(/ \(.* to .*\)$|, .*$| \(.*\)$/, "");

const filesOf = (...sets: ResultSet[]) =>
  makeReport(sets, {
    margin: 1,
    examples: "they were not requested",
    classNames: new Map(),
    paths: sets.map(({ study }) => `${study.name}.json`),
    command: "deno task report",
    version: "0",
  });

/** The Markdown of the report of these sets. */
const reportOf = async (...sets: ResultSet[]) =>
  (await filesOf(...sets)).get("report.md")!;

Deno.test("drawLevelFigure() puts the change of every level where the scale says, a curve for each policy", async () => {
  const figure = (await figureOf())!;
  const [panel, ...others] = figure.panels;
  assertEquals(others.length, 0);
  assertEquals(panel!.title, "Width of the network · ratio 0.8");
  assertEquals(panel!.legend!.map(({ name }) => name), [
    "uniform",
    "class-biased",
  ]);
  assertMatch(
    panel!.alt,
    /^Width of the network · ratio 0\.8\. uniform: 0\.25 −0\.8 \(.*\); 1 −0\.8 \(.*\) points\. class-biased: 0\.25 −1\.6 \(.*\); 1 −4\.0 \(.*\) points\.$/,
  );
  assertEquals(
    figure.table.rows.map(([, level, change, difference, ...rest]) => [
      level,
      meanOf(change),
      meanOf(difference),
      ...rest.slice(-2),
    ]),
    [
      ["0.25", "−0.8", "", "", "4"],
      ["1", "−0.8", "0.0", "no change above the margin", "4"],
      ["0.25", "−1.6", "", "", "4"],
      ["1", "−4.0", "−2.4", "lower", "4"],
    ],
  );
  // Points are the symbols; those of level 0.25 are left of those of level 1.
  const points = [
    ...panel!.inline.matchAll(
      /transform="translate\(([\d.]+),([\d.]+)\)" d="M[^"]*" fill="#/g,
    ),
  ].map(([, x, y]) => [Number(x), Number(y)] as const);
  assertEquals(points.length, 4);
  const [u1, u2, b1, b2] = points;
  assert(u1![0] < b1![0] && b1![0] < u2![0] && u2![0] < b2![0]);
  assertAlmostEquals(u1![1], u2![1], 1e-6);
  // One scale: 2.4 points are three times as far as 0.8.
  assertAlmostEquals(b2![1] - b1![1], 3 * (b1![1] - u1![1]), 1e-2);
  assert(b2![1] > b1![1]);
});

Deno.test("drawLevelFigure() has no panel without a second level, of the smaller ratios, or of networks at chance level", async () => {
  assertEquals(await figureOf({ width: [1] }), undefined);
  const several = (await figureOf({ ratios: [0, 0.4, 0.8] }))!;
  assertEquals(several.panels.map(({ title }) => title), [
    "Ratio (copies per original image) · width 0.25",
    "Ratio (copies per original image) · width 1",
    "Width of the network · ratio 0.8",
  ]);
  assertEquals(await figureOf({}, () => ({ accuracy: 10 })), undefined);
});

Deno.test("makeReport() begins with effects by level where four seeds give no verdict", async () => {
  const files = await filesOf(imagine(world, base));
  const text = files.get("report.md")!;
  assertMatch(
    text,
    /^# Uniform copies change clean accuracy by −0\.8 points at width 0\.25, and by −0\.8 points at width 1; class-biased copies change clean accuracy by −1\.6 points at width 0\.25, and by −4\.0 points at width 1\.\n/,
  );
  assertMatch(
    text,
    /^- Change of clean accuracy at ratio 0\.8, class-biased: −1\.6 points \(.* to .*\) at width 0\.25, −4\.0 points \(.*\) at width 1; the second minus the first is −2\.4 points \(.* to .*\), lower \(adjusted p < \.001\)\.$/m,
  );
  assert(text.includes("](figures/levels-width-of-the-network-ratio-0-8.svg)"));
  assert(files.has("figures/levels-width-of-the-network-ratio-0-8.svg"));
  assert(
    text.indexOf("figures/levels-") < text.indexOf("figures/effects.svg"),
  );
  const page = files.get("report.html")!;
  assertEquals([...page.matchAll(/<h2 id="levels">/g)].length, 1);
  assert(!/NaN|undefined/.test(text));

  // With a verdict it begins with that, and with the picture of all effects.
  const judged = await reportOf(
    imagine(world, { ...base, seeds: [1, 2, 3, 4, 5, 6, 7, 8] }),
  );
  assertMatch(judged, /^# Copies that are uneven across classes /);
  assert(
    judged.indexOf("figures/levels-") > judged.indexOf("figures/effects.svg"),
  );
});

Deno.test("drawLevelFigure() has no difference from a first level that is left out, as its networks are at chance level", async () => {
  const study = { policy: ["uniform" as const], width: [0.25, 0.5, 1] };
  const partly: World = (config) =>
    config.width === 0.25 ? { accuracy: 10 } : world(config);
  const figure = (await figureOf(study, partly))!;
  assertEquals(
    figure.table.rows.map((row) => [row[1], meanOf(row[2]), ...row.slice(3)]),
    [["0.5", "−0.8", "", "", "", "", "", "4"], [
      "1",
      "−0.8",
      "",
      "",
      "",
      "",
      "",
      "4",
    ]],
  );
  const text = await reportOf(imagine(partly, { ...base, ...study }));
  assertMatch(
    text,
    /^- Change of clean accuracy at ratio 0\.8, uniform: −0\.8 points \(.*\) at width 0\.5, −0\.8 points \(.*\) at width 1\.$/m,
  );
});

Deno.test("drawLevelFigure() draws policies in one panel although only one of them has a multiplicity", async () => {
  const figure = (await figureOf({ policy: ["uniform", "concentrated"] }))!;
  assertEquals(
    figure.panels.map(({ title, legend }) => [
      title,
      legend!.map(({ name }) => name),
    ]),
    [["Width of the network · ratio 0.8", ["uniform", "concentrated"]]],
  );
});

Deno.test("drawLevelFigure() names a curve that is alone in its panel where other panels have others", async () => {
  const figure = (await figureOf({
    policy: ["uniform"],
    width: [1],
    ratios: [0, 0.4, 0.8],
    conflict: [0, 0.1],
    standIn: ["copies", "weights"],
  }))!;
  assertEquals(
    figure.panels.map(({ title, legend }) => [
      title,
      legend!.map(({ name }) => name),
    ]),
    [
      ["Ratio (copies per original image) · conflict 0", [
        "uniform",
        "uniform, weights in place of copies",
      ]],
      ["Ratio (copies per original image) · conflict 0.1", ["uniform"]],
      [
        "Share of copies with another class's label · ratio 0.8",
        ["uniform"],
      ],
    ],
  );
  // No line joins the points, so that the legend has none either.
  assert(
    figure.panels.every(({ legend }) =>
      legend!.every(({ isPointsOnly }) => isPointsOnly)
    ),
  );
});

Deno.test("drawLevelFigure() draws levels in their order where a curve lacks one", async () => {
  const some = imagine(world, { ...base, policy: ["uniform"] });
  const all = imagine(world, {
    ...base,
    policy: ["class-biased"],
    width: [0.25, 0.5, 1],
  });
  const figure = (await drawLevelFigure(analyse([some, all]).levels, {
    id: "levels",
    margin: 1,
  }))!;
  // Points of the classes of width 0.25, 1 and 0.25, 0.5, 1.
  const at = [
    ...figure.panels[0]!.inline.matchAll(
      /transform="translate\(([\d.]+),[\d.]+\)" d="M[^"]*" fill="#/g,
    ),
  ].map(([, x]) => Number(x));
  assertEquals(at.length, 5);
  assert(at[2]! < at[3]! && at[3]! < at[4]!);
  assert(at[0]! < at[3]! && at[1]! > at[3]!);
});

Deno.test("makeReport() of several comparisons begins with where copies cost more, and where no difference is shown", async () => {
  const reportIn = async (
    wide: number,
    conflicting: number,
    { wideEven = 0, more = [], rows }: {
      wideEven?: number;
      more?: Partial<StudyInput>[];
      rows?: number;
    } = {},
  ) => {
    const world: World = (
      { seed, width = 1, duplication: { policy, ratio, conflict = 0 } },
    ) => ({
      accuracy: 60 + seed + 5 * width -
        (4 + (policy === "uniform" ? wideEven : wide) * width +
            (policy === "uniform" ? conflicting * conflict : 0)) * ratio,
    });
    const set = (name: string, study: Partial<StudyInput>) =>
      imagine(world, { ...base, ...study, name }, rows ? { rows } : {});
    const sets = [
      set("a", { policy: ["uniform"], width: [1], conflict: [0, 0.3] }),
      set("b", {}),
      ...more.map((study, i) => set(`c${i}`, study)),
    ];
    return await reportOf(...sets);
  };
  const headlineOf = async (...world: Parameters<typeof reportIn>) =>
    /^# (.*)\.$/m.exec(await reportIn(...world))![1]!;
  const suffix = ": intervals without a verdict";
  assertEquals(
    await headlineOf(0, 20),
    `Copies cost more clean accuracy with more conflicting labels; no difference is shown in wider networks`,
  );
  assertEquals(
    await headlineOf(0, -10),
    `Copies cost less clean accuracy with more conflicting labels; no difference is shown in wider networks`,
  );
  const neither =
    `The effect of copies by share of conflicting labels and width of the network${suffix}`;
  assertEquals(await headlineOf(0, 0), neither, "no difference");
  assertEquals(
    await headlineOf(20, 20),
    `Copies cost more clean accuracy with more conflicting labels and in wider networks in some runs`,
    "of class-biased copies alone",
  );
  const biased = { policy: ["class-biased"], width: [1], conflict: [0, 0.3] };
  assertEquals(
    await headlineOf(20, 20, { more: [biased as Partial<StudyInput>] }),
    `Copies cost more clean accuracy with more conflicting labels and in wider networks, each in some runs`,
  );
  assertEquals(
    await headlineOf(20, 20, { wideEven: -2 }),
    neither,
    "opposite effects",
  );
  // With many test images, the absence of a difference is shown.
  assertMatch(
    await reportIn(0, 20, { rows: 20_000 }),
    /^# Copies cost more clean accuracy with more conflicting labels\.\n\n- The difference is shown to be within the margin in wider networks\.\n(- Change .* lower \(adjusted p < \.001\)\.\n)(- Change .* within the margin \(adjusted p < \.001\)\.\n){2}- These are findings on secondary questions, by tests that are adjusted over 6 differences; they are not verdicts on claims\.\n/,
  );
  // Of three things that are varied, the first sentence says those that matter.
  const kinds = { policy: ["uniform"], width: [1], copies: ["exact", "near"] };
  assertMatch(
    await reportIn(0, 20, { more: [kinds as Partial<StudyInput>] }),
    new RegExp(
      `^# Copies cost more clean accuracy with more conflicting labels\\.\n\n- No difference is shown in wider networks\\.\n- The difference is shown to be within the margin for near copies\\.\n- Change`,
    ),
  );
  // Of more comparisons than are listed, one shows each difference that it says.
  const many = await reportIn(20, 20, {
    more: [kinds as Partial<StudyInput>, biased as Partial<StudyInput>],
  });
  assertEquals(many.match(/^- Change .*? at width /gm)?.length, 1);
  assertMatch(many, /^- Change [^:]*class-biased: .* at width /m);
  // Where none shows a difference, it is the one that is nearest to doing so.
  const open = await reportIn(1, 20, {
    more: [kinds as Partial<StudyInput>, biased as Partial<StudyInput>],
  });
  assertEquals(open.match(/^- Change .*? at width /gm)?.length, 1);
  assertMatch(open, /^- Change [^:]*class-biased: .* at width .*inconclusive/m);
});

Deno.test("makeReport() does not say that no difference is shown where a finding shows one", async () => {
  // Conflicting labels cost accuracy; class-biased copies raise it, less if wide.
  const gains: Record<number, number> = { 0.25: 8, 0.5: 2, 1: 4 };
  const world: World = (
    { seed, width = 1, duplication: { policy, ratio, conflict = 0 } },
  ) => ({
    accuracy: 60 + seed + 5 * width +
      (policy === "class-biased" ? gains[width]! : -20 * conflict) * ratio,
  });
  const many = { rows: 20_000 };
  const labels = imagine(world, {
    ...base,
    name: "a",
    policy: ["uniform", "concentrated"],
    width: [1],
    conflict: [0, 0.3],
  }, many);
  const biased = (study: Partial<StudyInput>, of = world) =>
    imagine(of, {
      ...base,
      name: "b",
      policy: ["class-biased"],
      ...study,
    }, many);
  const openingOf = async (...sets: ResultSet[]) => {
    const text = await reportOf(...sets);
    return text.slice(0, text.indexOf("\n## "));
  };
  const headline =
    /^# Copies cost more clean accuracy with more conflicting labels\.\n\n- Change/;
  // At width 1 copies raise accuracy by less than at width 0.25.
  const gain = await openingOf(labels, biased({}));
  assertMatch(gain, headline);
  assertMatch(gain, /class-biased: .* at width 1; .*, lower \(adjusted p/);
  // At width 0.5 they do so, too, and at width 1 nothing is shown.
  const middle = await openingOf(
    labels,
    biased({ width: [0.25, 0.5, 1] }, (config) => {
      const { seed, width = 1, duplication: { ratio } } = config;
      const noise = width === 1 ? 4 + (seed % 2 === 0 ? 6 : -6) : 0;
      return { accuracy: world(config).accuracy + noise * ratio };
    }),
  );
  assertMatch(middle, headline);
  assertMatch(middle, /class-biased: .* at width 1; .*, inconclusive/);
  // A difference of one seed has no p-value and is none of the tests.
  const single = await openingOf(labels, biased({ seeds: [1] }));
  assertMatch(single, /by tests that are adjusted over 4 differences/);
  assertMatch(gain, /by tests that are adjusted over 6 differences/);
});

Deno.test("makeReport() says in its first sentence how trainings, networks and budgets differ, or does not list them", async () => {
  const headlineOf = async (study: Partial<StudyInput>, sets = 1) =>
    /^# (.*)\.$/m.exec(
      await reportOf(
        ...Array.from(
          { length: sets },
          (_, i) =>
            imagine(world, { ...base, ...study, epochs: 5 + i, name: `s${i}` }),
        ),
      ),
    )![1]!;
  const change = "change clean accuracy by −0.8 points with no conflicting " +
    "labels, and by −0.8 points with 10 % conflicting labels";
  assertEquals(
    await headlineOf({
      policy: ["uniform"],
      width: [1],
      conflict: [0, 0.1],
      training: ["standard", "adversarial"],
    }),
    `Uniform copies (standard training) ${change}; uniform copies (adversarial training) ${change}`,
  );
  assertEquals(
    await headlineOf({
      policy: ["uniform"],
      width: [1],
      conflict: [0, 0.1],
      budget: ["steps", "epochs"],
    }),
    `Uniform copies (equal steps) ${change}; uniform copies (equal epochs) ${change}`,
  );
  // Of two studies that differ in the number of epochs, no sentence can say which.
  assertEquals(
    await headlineOf(
      { policy: ["uniform"], width: [1], conflict: [0, 0.1] },
      2,
    ),
    "The effect of copies by share of conflicting labels: intervals without a verdict",
  );
});

Deno.test("makeReport() does not begin with changes of one or two seeds, of which the figure has no intervals", async () => {
  for (const seeds of [[1], [1, 2]]) {
    const text = await reportOf(imagine(world, { ...base, seeds }));
    assertMatch(text, /^# These runs are not enough for an answer\.\n/);
    assert(text.includes("figures/levels-"));
  }
});

Deno.test("makeReport() of levels begins with the panels of its findings, and tells of runs that were trained otherwise", async () => {
  const names = ["dedup", "ratios", "multiplicity", "conflict"];
  const adversarial = await readRecorded("protocol-adversarial");
  const four = adversarial.cells.filter(({ config }) => config.seed <= 4);
  const files = await filesOf(
    ...await Promise.all(names.map((name) => readRecorded(`protocol-${name}`))),
    { ...adversarial, cells: four },
  );
  const text = files.get("report.md")!;
  const told = ["copies-of-each-chosen-image", "share-of-copies-with-another"];
  const drawn = [...text.matchAll(/\(figures\/levels-([^)]*)/g)]
    .map(([, id]) => id!);
  assertMatch(
    text,
    /^# Copies cost more clean accuracy with more copies of each chosen image and with more conflicting labels\.$/m,
  );
  assertEquals(drawn.length > told.length, true);
  for (const [i, id] of told.entries()) assert(drawn[i]!.startsWith(id), id);
  // Exact copies that were removed are no copies: others are compared in words.
  const lines = text.split("\n").filter((line) =>
    line.startsWith("- Change of")
  );
  assert(lines.some((line) => line.includes("for near copies")));
  for (const line of lines) assert(!line.includes("0.0 (0.0 to 0.0)"), line);
  for (const line of lines) assert(!line.includes("0.0 points (0.0"), line);
  assertMatch(
    text,
    /A change of exactly 0 is of networks equal to those without/,
  );
  const trends = analyse([{ ...adversarial, cells: four }]).trends.filter((
    one,
  ) =>
    one.metric === "clean" && one.arm.policy === "class-biased" &&
    one.arm.standIn === "copies" && one.arm.mode === "add"
  );
  assertEquals(trends.length, 1);
  const slope = trends[0]!.test.mean.toFixed(1).replace("-", "−");
  const own = lines.filter((line) => line.includes("adversarial training"));
  assertEquals(own.length, 2);
  assert(
    own.some((line) =>
      line.startsWith(
        `- Change of clean accuracy for one copy per original, uneven copies, adversarial training: ${slope} points (`,
      )
    ),
  );
  // Studies have names here; digits tell apart those of one name alone.
  const reliability = text.split("\n## Reliability\n")[1]!
    .split("\n## ")[0]!;
  assertMatch(reliability, /^- protocol-ratios: the time per image/m);
  assert(!/-[0-9a-f]{8}\b/.test(reliability));
  assert(!/^Runs: .*-[0-9a-f]{8}\b/m.test(text));

  // Drawings of one question stand next to each other, below the text.
  const page = files.get("report.html")!;
  const sections = page.split('<section class="question').slice(1)
    .map((section) => section.split("</section>")[0]!);
  for (const section of sections) {
    const panels = section.split('<div class="panel">').length - 1;
    assertEquals(section.startsWith(" several"), panels > 1);
  }
  assertEquals(
    sections.some((section) => section.startsWith(" several")),
    true,
  );
});
