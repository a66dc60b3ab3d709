import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { drawPairsPanel } from "../../src/report/draw_pairs.ts";
import { isOfReport } from "../../src/report/is_of_report.ts";
import { makeReport } from "../../src/report/make_report.ts";
import { styleOf } from "../../src/report/palette.ts";
import { packBits } from "../../src/results/bit_string.ts";
import type { FinishedCell, ResultSet } from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { finishedCell } from "../results/finished_cell.ts";
import { readRecorded } from "../recorded_sets.ts";

const rows = 1000;

const { provenance } = await readRecorded("quick-1e218e0d");

/**
 * Runs at ratio 0 with and without duplicates. Correct images of 1,000 are given
 * by seed, so that every number of the report can be computed by hand.
 */
function withAndWithout(
  correctOf: { none: readonly number[]; near: readonly number[] },
  more: Partial<StudyInput> = {},
): ResultSet {
  const seeds = correctOf.none.map((_, i) => i + 1);
  const study = parseStudy({
    name: "with-and-without",
    ratios: [0],
    dedup: ["none", "near"],
    seeds,
    attacks: ["fgsm"],
    ...more,
  });
  const cells = planCells(study, "wasm").map((cell): FinishedCell => {
    const base = finishedCell(1);
    const method = cell.config.dedup === undefined ? "none" : "near";
    const score = (correct: number) => ({
      correct,
      correctPerClass: Array<number>(10).fill(correct / 10),
      bits: packBits(Array.from({ length: rows }, (_, i) => i < correct)),
    });
    const correct = correctOf[method][cell.config.seed - 1]!;
    const attacked = score(Math.max(0, correct - 300));
    return {
      ...base,
      ...cell,
      duplication: {
        ...base.duplication,
        ...(method === "near" && {
          removed: {
            originals: 4,
            copies: 0,
            slotsSha256: "4".repeat(64),
          },
        }),
      },
      outcome: {
        ...base.outcome,
        test: {
          rows,
          rowsPerClass: Array<number>(10).fill(rows / 10),
          clean: score(correct),
          byAttack: { fgsm: { ...attacked, maxPerturbation: 0.03 } },
          worstCase: attacked,
        },
      },
    };
  });
  return {
    schema: "dupbench/result-set/1",
    study,
    dataset: {
      name: "test",
      trainPerClass: Array<number>(10).fill(1),
      testPerClass: Array<number>(10).fill(rows / 10),
      sha256: "2".repeat(64),
    },
    cells,
    provenance,
    digest: "3".repeat(64),
  } as unknown as ResultSet;
}

const filesOf = (set: ResultSet) =>
  makeReport([set], {
    margin: 1,
    examples: "they were not requested",
    classNames: new Map(),
    paths: ["a.json"],
    command: "deno task report",
    version: "0",
  });

Deno.test("makeReport() draws with and without duplicates at ratio 0: a panel for each outcome", async () => {
  // Differences 1, 2, 3, 1, 2, 3: mean 2, deviation sqrt(4 / 5); the .975
  // quantile of t with 5 degrees of freedom is 2.5706 (any table), so that the
  // interval is 2 ± .94.
  const files = await filesOf(withAndWithout({
    none: [500, 530, 560, 590, 620, 650],
    near: [510, 550, 590, 600, 640, 680],
  }));
  const drawings = [...files.keys()].filter((name) => name.endsWith(".svg"));
  assertEquals(drawings.length, 2, drawings.join());
  const page = files.get("report.html")!;
  assertEquals([...page.matchAll(/<figure /g)].length, 1);
  assertEquals(page.includes("No figures"), false);
  assertEquals(page.includes("NaN"), false);
  assert(page.includes("conditions.csv"));
  for (const title of ["Clean accuracy", "Worst-case accuracy"]) {
    assert(page.includes(`<p class="name">${title} · ratio 0</p>`), title);
  }
  // What a reader hears who does not see it.
  assert(
    page.includes(
      'aria-label="Clean accuracy · ratio 0. Duplicates kept: 57.5 %; near duplicates removed: 59.5 %; difference +2.0 points (+1.1 to +2.9), paired by 6 seeds."',
    ),
    page.match(/aria-label="Clean[^"]*"/)?.[0],
  );
  const text = files.get("report.md")!;
  // The glossary explains the conditions, and what the worst case is over.
  for (
    const term of [
      "duplicates kept",
      "near duplicates removed",
      "FGSM",
      "worst-case accuracy",
    ]
  ) assert(text.includes(`- **${term}**: `), term);
  for (const name of drawings) assert(text.includes(`](${name})`), name);
  assert(
    text.includes(
      "| Clean accuracy · ratio 0 | difference | +2.0 (+1.1 to +2.9) | +1.0 | +2.0 | +3.0 | +1.0 | +2.0 | +3.0 |",
    ),
    text,
  );
});

Deno.test("conditions.csv has every seed of both conditions, and the interval", async () => {
  const none = [500, 530, 560, 590, 620, 650];
  const near = [510, 550, 590, 600, 640, 680];
  const files = await filesOf(withAndWithout({ none, near }));
  // By this the command line knows a file of its own; a table may be empty.
  for (const [name, text] of files) {
    assert(text === "" || isOfReport(name, text), name);
  }
  assert(files.get("conditions.csv") !== "");
  const [head, ...lines] = files.get("conditions.csv")!.trim().split("\r\n")
    .map((line) => line.split(","));
  const records = lines.map((line) =>
    Object.fromEntries(head!.map((name, i) => [name, line[i]!]))
  );
  assertEquals(records.length, 12);
  const clean = records.filter(({ metric }) => metric === "clean");
  clean.forEach((record, i) => {
    assertEquals(
      [record["condition"], record["value"], record["usual"], record["ratio"]],
      ["dedup", "near", "none", "0"],
    );
    assertEquals(Number(record["seed"]), i + 1);
    assertAlmostEquals(Number(record["accuracy"]), near[i]! / 10, 1e-9);
    assertAlmostEquals(Number(record["usualAccuracy"]), none[i]! / 10, 1e-9);
    assertAlmostEquals(
      Number(record["difference"]),
      (near[i]! - none[i]!) / 10,
      1e-9,
    );
    assertAlmostEquals(Number(record["mean"]), 2, 1e-9);
    const reach = 2.5706 * Math.sqrt(4 / 5 / 6);
    assertAlmostEquals(Number(record["low"]), 2 - reach, 1e-4);
    assertAlmostEquals(Number(record["high"]), 2 + reach, 1e-4);
  });
  assertEquals(
    records.filter(({ metric }) => metric === "worst case").length,
    6,
  );
});

Deno.test("makeReport() names the panels of conditions by what differs, each differently", async () => {
  const files = await filesOf(withAndWithout({
    none: [500, 530],
    near: [510, 550],
  }, {
    ratios: [0, 1],
    policy: ["uniform", "class-biased"],
    training: ["standard", "adversarial"],
    budget: ["steps"],
  }));
  const page = files.get("report.html")!;
  const [, figure] = page.split("Accuracy under the conditions compared</h3>");
  const titles = [
    ...figure!.split("</figure>")[0]!.matchAll(/<p class="name">([^<]*)</g),
  ]
    .map(([, title]) => title);
  assertEquals(titles.slice(0, 6), [
    "Clean accuracy · ratio 0 · standard training",
    "Clean accuracy · ratio 1 · standard training · uniform",
    "Clean accuracy · ratio 1 · standard training · class-biased",
    "Clean accuracy · ratio 0 · adversarial training",
    "Clean accuracy · ratio 1 · adversarial training · uniform",
    "Clean accuracy · ratio 1 · adversarial training · class-biased",
  ]);
  assertEquals([titles.length, new Set(titles).size], [12, 12]);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("makeReport() draws one seed under two conditions without an interval, and says so", async () => {
  const files = await filesOf(withAndWithout({ none: [500], near: [510] }));
  const page = files.get("report.html")!;
  assertEquals([...page.matchAll(/<figure /g)].length, 1);
  assert(page.includes("one seed has no interval"));
  assert(page.includes("difference +1.0 points, paired by 1 seed."), page);
  assertEquals(page.includes("NaN"), false);
});

Deno.test("makeReport() warns of conditions at chance level, and concludes nothing", async () => {
  const files = await filesOf(withAndWithout({
    none: [104, 104, 104, 104, 104, 104],
    near: [700, 710, 720, 700, 710, 720],
  }));
  for (const name of ["report.html", "report.md"]) {
    const text = files.get(name)!;
    assert(
      text.includes("Warning: 6 of 12 networks are not above chance"),
      name,
    );
    assert(text.includes("clean accuracy is inconclusive: 6 of 6 networks"));
  }
});

Deno.test("drawPairsPanel() puts pairs, differences and the interval where the scales say", async () => {
  const svg = await drawPairsPanel({
    title: "t",
    sides: [
      { name: "duplicates kept", style: styleOf("circle") },
      { name: "near duplicates removed", style: styleOf("square") },
    ],
    pairs: [
      { seed: 1, values: [50, 55] },
      { seed: 2, values: [60, 75] },
    ],
    difference: { mean: 10, low: 0, high: 20 },
    margin: 1,
    domain: [0, 100],
    reach: [-50, 50],
  }, { alone: false });
  const places = (pattern: RegExp) =>
    [...svg.matchAll(pattern)].map(([, y]) => Math.round(10 * Number(y)) / 10);
  // 170 pixels for 100 points, from the top; 0 of the differences is at 85.
  assertEquals(
    places(/translate\([\d.]+,([\d.]+)\)"[^>]*fill="#0072b2"/g),
    [85, 68],
  );
  assertEquals(
    places(/translate\([\d.]+,([\d.]+)\)"[^>]*fill="#b34f00"/g),
    // Both seeds, then the mean difference.
    [76.5, 42.5, 68],
  );
  assertEquals(
    places(
      /<path transform="translate\([\d.]+,([\d.]+)\)"[^>]*stroke="#b34f00"/g,
    ),
    [76.5, 59.5],
    "differences of 5 and 15 points",
  );
  const interval =
    /<line transform="translate\([\d.]+,([\d.]+)\)" x2="0" y2="(-?[\d.]+)" stroke="#b34f00"/
      .exec(svg);
  assert(interval, svg);
  assertEquals(interval.slice(1).map((y) => Math.round(Number(y))), [85, -34]);
  // Each pair is joined by a line.
  assertEquals([...svg.matchAll(/M[\d.]+,85L[\d.]+,76.5/g)].length, 1);
  assertEquals([...svg.matchAll(/M[\d.]+,68L[\d.]+,42.5/g)].length, 1);
});
