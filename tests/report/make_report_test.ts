import { assert, assertEquals, assertMatch } from "@std/assert";
import { analyse } from "../../src/analysis/analyse.ts";
import { makeReport } from "../../src/report/make_report.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import { pathOfRecorded, readRecorded } from "../recorded_sets.ts";

const path = pathOfRecorded("quick-1e218e0d.json");
const quick = await readResultSet(path);

const sixSeeds = await readRecorded("corrected-adversarial-c950251f");

const filesOf = (...sets: ResultSet[]) =>
  makeReport(sets, {
    margin: 1,
    examples: "they were not requested",
    classNames: new Map(),
    paths: sets.map((_, i) => `results/${i}.json`),
    command: "deno task report",
    version: "0",
  });

const pageOf = async (...sets: ResultSet[]) =>
  (await filesOf(...sets)).get("report.html")!;

const cellsWhere = (test: (cell: FinishedCell) => boolean): ResultSet => ({
  ...quick,
  cells: quick.cells.filter((cell) => cell.status === "finished" && test(cell)),
});

/** How intervals of curves are drawn. */
const BAR = 'stroke-width="1.5"';

Deno.test("makeReport() draws no interval for one seed, and says why", async () => {
  // As a shard, which has one of its study's seeds.
  const one = cellsWhere(({ config }) => config.seed === 1);
  assert(one.study.seeds.length > 1);
  const files = await filesOf(one);
  const page = files.get("report.html")!;
  assert(page.includes("One seed, so there are no intervals."));
  assert(page.includes("1 seed<"));
  assertMatch(files.get("report.md")!, /\b10, seed 1\b/);
  assertEquals(page.includes(BAR), false);
  const two = await pageOf(quick);
  assertEquals(two.includes(BAR), false, "two seeds say as little");
  assert(two.includes("too few for meaningful intervals"));
  assert((await pageOf(sixSeeds)).includes(BAR));
  assertMatch(files.get("report.md")!, /One seed gives no variance/);
});

Deno.test("makeReport() without attacks has no figure of them", async () => {
  const cells = quick.cells.map((cell): typeof cell => {
    if (cell.status === "failed" || cell.outcome.test === null) return cell;
    const { worstCase: _, ...test } = cell.outcome.test;
    const outcome = { ...cell.outcome, test: { ...test, byAttack: {} } };
    return { ...cell, outcome };
  });
  const page = await pageOf({ ...quick, cells });
  assert(page.includes("Clean accuracy"));
  assertEquals(/Accuracy under each|Worst-case/.test(page), false);
  assertEquals(page.includes("NaN"), false);
});

Deno.test("makeReport() of ratio 0 only says why it has no figures", async () => {
  const page = await pageOf(
    cellsWhere(({ config }) => config.duplication.ratio === 0),
  );
  assertMatch(page, /No figures: they need finished runs of the same seed/);
  assertEquals(page.includes("<figure"), false);
});

Deno.test("makeReport() names shards, failures and parts of other machines", async () => {
  const cells = quick.cells.map((cell, i): typeof cell =>
    i > 6 ? cell : {
      id: cell.id,
      status: "failed",
      config: cell.config,
      error: "out of <memory>\nat x",
    }
  );
  const provenance = { ...quick.provenance, cpu: "Another CPU" };
  const page = await pageOf({
    ...quick,
    shard: { index: 2, count: 4 },
    cells,
    parts: [{ digest: quick.digest, provenance }],
  });
  assert(page.includes("quick: only shard 2 of 4 of the study"));
  assert(page.includes("quick: 7 of 20 cells failed"));
  assert(page.includes(`cell ${cells[0]!.id}: out of &lt;memory&gt;<`));
  assert(page.includes("2 more cells failed"));
  assert(page.includes("Another CPU"));
  // The list of packages is long, and its part had the same.
  assert(page.includes(">part 1 of 1, packages</th><td>as above<"));
});

Deno.test("makeReport() says which studies a verdict is from, and how to verify them", async () => {
  const other = { ...quick, study: { ...quick.study, name: "other" } };
  const page = await pageOf(quick, other);
  assert(page.includes("in quick, other together, averaged per seed"));
  assert(page.includes("<code>deno task verify results/0.json</code>"));
  assert(page.includes("<code>deno task verify results/1.json</code>"));
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("makeReport() explains the flags that were raised, and no others", async () => {
  const cells = quick.cells.map((cell, i): typeof cell =>
    i > 1 || cell.status === "failed" ? cell : {
      ...cell,
      outcome: {
        ...cell.outcome,
        flags: [{ flag: "zero-gradient", where: "fgsm", value: 3 }],
      },
    }
  );
  const page = await pageOf({ ...quick, cells });
  assert(page.includes("zero-gradient (fgsm) in 2 of 20 cells"));
  assert(page.includes("zero-gradient: for some image"));
  assertEquals(page.includes("softmax-output:"), false);
});

Deno.test("makeReport() draws the times of several backends as curves of one plot", async () => {
  const cells = quick.cells.map((cell): typeof cell => ({
    ...cell,
    config: { ...cell.config, backend: "webgpu" },
  }));
  const page = await pageOf(quick, { ...quick, cells });
  assertMatch(page, /Time per epoch, wasm, webgpu/);
  const [, times] = page.split("Time per epoch, wasm, webgpu</h3>");
  const [, legend] = /<ul class="legend">(.*?)<\/ul>/.exec(times!)!;
  assertEquals(legend!.replaceAll(/<[^>]*>/g, " ").trim().split(/\s+/), [
    "wasm",
    "webgpu",
  ]);
  assert(page.includes("standard training · webgpu"));
});

Deno.test("makeReport() has a text, a table and a caption for every figure", async () => {
  const page = await pageOf(quick);
  const count = (of: RegExp) => [...page.matchAll(of)].length;
  const figures = count(/<figure /g);
  // One of all effects, one of the two ratios above 0, and one for each question
  // with runs; these are of its study: clean, worst case, each attack, times, classes.
  const asked = analyse([quick]).claims.filter(({ test }) => test !== null);
  assertEquals(figures, 2 + asked.length + 5);
  assertEquals(count(/<figcaption>[^<]{40,}</g), figures);
  assertEquals(count(/<table class="data">/g), figures);
  // A line must not end between a number and its unit.
  assertEquals(count(/<figcaption>[^<]*\d %/g), 0);
  const drawings = count(/<div class="(panel|wide)">/g);
  // Of all effects, narrow pages show panels and wide ones all in one drawing.
  assertEquals(count(/<div class="wide">/g), 1);
  assertEquals(count(/<svg role="img" aria-label="[^"]{60,}"/g), drawings);
});

Deno.test("makeReport() has a section for every question: verdict, rule and power", async () => {
  const set = sixSeeds;
  const page = await pageOf(set);
  const sections = page.split('<section class="question').slice(1)
    .map((text) => text.split("</section>")[0]!);
  const { claims } = analyse([set]);
  const asked = claims.filter(({ test }) => test !== null);
  assert(asked.length > 1 && asked.length < claims.length);
  assertEquals(sections.length, asked.length);
  for (const [i, claim] of asked.entries()) {
    const { statement, rule, verdict, holmP } = claim;
    const section = sections[i]!;
    assert(section.includes(`${claims.indexOf(claim) + 1}. ${statement}`));
    assert(section.includes(`class="verdict ${verdict}"`));
    assert(section.includes(rule));
    assertMatch(section, /95\u00a0% interval .[\d.]+ to .[\d.]+/);
    if (holmP === null) continue;
    assertMatch(
      section,
      verdict === "inconclusive"
        ? /80.% power needs a slope of/
        : /A slope of [\d.]+.points would have been detected with 80.% power/,
    );
  }
  // Those of which no run says anything have no verdict, and are told last.
  const [, last] = page.split("<h2>Claims without data</h2>");
  const [list] = last!.split("</ul>");
  for (const [i, { statement, rule, test }] of claims.entries()) {
    assertEquals(
      list!.includes(
        `<li id="question-${i + 1}">${i + 1}. ${statement}. No data: `,
      ),
      test === null,
    );
    if (test === null) assert(list!.includes(rule));
    assert(page.includes(`<a href="#question-${i + 1}">`));
  }
  assertEquals(list!.includes("Inconclusive"), false);
});

Deno.test("makeReport() keeps the classes, ids and drawings of studies apart, whatever they are called", async () => {
  const named = (name: string, sha256: string): ResultSet => ({
    ...quick,
    study: { ...quick.study, name },
    dataset: { ...quick.dataset, sha256 },
  });
  const odd = Array.from({ length: 10 }, (_, c) => `${c}$'$&$$]\n<b>`);
  const plain = Array.from({ length: 10 }, (_, c) => `plain ${c}`);
  const [first, second] = ["1", "2"].map((digit) => digit.repeat(64));
  const sets = [named("a.b", first!), named("a-b", second!)];
  const files = await makeReport(sets, {
    margin: 1,
    examples: "they were not requested",
    classNames: new Map([[first!, odd], [second!, plain]]),
    paths: ["a.json", "b.json"],
    command: "deno task report",
    version: "0",
  });
  const page = files.get("report.html")!;
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length);
  assertEquals(page.split("<svg ").length, page.split("</svg>").length);
  assertMatch(page, / points for \d\$'\$&amp;\$\$\]\s&lt;b&gt; at ratio /);
  // Every drawing is a file of its own, under the name by which the text has it.
  const text = files.get("report.md")!;
  const shown = [...text.matchAll(/\]\(figures\/(.+?)\.svg\)$/gm)]
    .map(([, id]) => `figures/${id}.svg`);
  assertEquals(new Set(shown).size, shown.length);
  assertEquals(
    shown.toSorted(),
    [...files.keys()].filter((path) => path.endsWith(".svg")).toSorted(),
  );
  const rows = files.get("classes.csv")!.split("\r\n");
  assertEquals(rows.some((row) => /^a-b,.*plain 3/.test(row)), true);
  assertEquals(rows.some((row) => /^a\.b,.*plain/.test(row)), false);
});

Deno.test("makeReport() counts and draws once the cells that studies share", async () => {
  const set = await readRecorded("protocol-conflict");
  const one = {
    ...set,
    cells: set.cells.filter(({ config }) => !config.duplication.conflict),
  };
  const other = { ...one, study: { ...one.study, name: "another" } };
  const files = await filesOf(one, other);
  assertMatch(
    files.get("report.md")!,
    new RegExp(`2 studies · ${one.cells.length} training runs `),
  );
  const figure = files.get(
    "figures/question-1-figure-standard-training-uniform.svg",
  )!;
  assertEquals(figure.match(/>ratio 0\.8</g)?.length, 1);
});

Deno.test("makeReport() draws the curves of studies that share some cells once, with the names of the studies", async () => {
  const set = await readRecorded("protocol-ratios");
  const cells = set.cells.filter(({ config }) => config.duplication.ratio < 1);
  const named = (name: string) => ({
    ...set,
    cells,
    study: { ...set.study, name },
  });
  const files = await filesOf(set, named("another"), named("third"));
  assertEquals(
    [...files.keys()].filter((path) => path.startsWith("figures/question-5-")),
    ["protocol-ratios", "another-and-third"].map((studies) =>
      `figures/question-5-figure-standard-training-uniform-${studies}.svg`
    ),
  );
});
