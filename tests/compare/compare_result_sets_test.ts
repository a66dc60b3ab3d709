import {
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { formatMarkdown } from "../../src/compare/format_markdown.ts";
import { compareResultSets } from "../../src/compare/compare_result_sets.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { ResultSet } from "../../src/results/result_set.ts";
import { cell, diverge, named, resultSet, strictly } from "./_sets.ts";
import { readRecorded } from "../recorded_sets.ts";

const six = [100, 10, 12, 14, 16, 18];

Deno.test("compareResultSets() gives times of the epochs after the first, and the first separately", () => {
  const { rows: [row], overall } = compareResultSets(
    named(
      resultSet([cell({ times: six })]),
      resultSet([cell({ times: [500, 20, 24, 28, 32, 36] })]),
    ),
    strictly,
  );
  assertEquals([row!.referenceMs, row!.comparedMs], [14, 28]);
  assertEquals(row!.epochsMs.reference, [10, 12, 14, 16, 18]);
  assertEquals(row!.firstEpoch, {
    referenceMs: 100,
    comparedMs: 500,
    ratio: 5,
  });
  assertAlmostEquals(row!.time!.ratio, 2, 1e-12);
  // The third of the 25 ratios from either end: the smallest are 20/18, 20/16
  // and 24/18, the largest 36/10, 32/10 and 36/12.
  const { low, high, confidence } = row!.time!.interval!;
  assertEquals([low, high], [24 / 18, 36 / 12]);
  assertAlmostEquals(confidence, 1 - 8 / 252, 1e-12);
  assertEquals(overall, [{ file: "b", time: row!.time }], "there is no other");
});

Deno.test("compareResultSets() matches cells whose order and backend differ", () => {
  const comparison = compareResultSets(
    named(
      resultSet([cell({ seed: 1 }), cell({ seed: 2 })]),
      resultSet([
        cell({ seed: 2, backend: "webgpu", weights: "b" }),
        cell({ seed: 1, backend: "webgpu", clean: "0000000000" }),
      ]),
      resultSet([
        cell({ seed: 1, backend: "cpu" }),
        cell({ seed: 2, backend: "cpu" }),
      ]),
    ),
    strictly,
  );
  assertEquals(comparison.files.map(({ backend }) => backend), [
    "wasm",
    "webgpu",
    "cpu",
  ]);
  assertEquals(
    comparison.rows.map(({ file, config, outcome }) => [
      file,
      config.seed,
      outcome.verdict,
    ]),
    [
      ["b", 1, "different"],
      ["b", 2, "within-tolerance"],
      ["c", 1, "bit-equal"],
      ["c", 2, "bit-equal"],
    ],
  );
  assertEquals(comparison.outcomes, [
    { file: "b", "bit-equal": 0, "within-tolerance": 1, different: 1 },
    { file: "c", "bit-equal": 2, "within-tolerance": 0, different: 0 },
  ]);
});

Deno.test("compareResultSets() finds one ratio in many cells of few epochs, with an interval", () => {
  const seeds = [1, 2, 3, 4];
  const file = (factor: number) =>
    resultSet(seeds.map((seed) =>
      // Each cell has a scale of its own, which cancels.
      cell({ seed, times: [9, 10, 12].map((ms) => factor * ms * 10 ** seed) })
    ));
  const { rows, overall: [all] } = compareResultSets(
    named(file(1), file(1.5)),
    strictly,
  );
  assertEquals(rows.map(({ time }) => time!.interval), seeds.map(() => null));
  assertAlmostEquals(all!.time!.ratio, 1.5, 1e-12);
  const { low, high } = all!.time!.interval!;
  assertAlmostEquals(low * high, 1.5 ** 2, 1e-12);
  assertEquals(low > 1.2 && high < 1.9, true);
});

const refused = (a: ResultSet, b: ResultSet, common = false) =>
  assertThrows(
    () => compareResultSets(named(a, b), { ...strictly, common }),
    UsageError,
  ).message;

Deno.test("compareResultSets() refuses cells of another config, and names what differs", () => {
  const message = refused(
    resultSet([cell({ times: six })]),
    resultSet([cell({ times: [1, 2] })]),
  );
  assertStringIncludes(message, "have different work");
  assertStringIncludes(message, "differs in epochs");
  const more = resultSet([cell({ seed: 1 }), cell({ seed: 2 })]);
  for (
    const pair of [[more, resultSet([cell()])], [resultSet([cell()]), more]]
  ) {
    const text = refused(pair[0]!, pair[1]!);
    assertStringIncludes(text, "seed 2");
    assertStringIncludes(text, '"common" compares');
  }
});

Deno.test("compareResultSets() names what differs from the most similar cell, the first of several", () => {
  const nearest = (others: ResultSet["cells"]) =>
    compareResultSets(
      named(
        resultSet([cell({ seed: 5 }), cell({ seed: 1, times: six })]),
        resultSet([cell({ seed: 5 }), ...others]),
      ),
      { ...strictly, common: true },
    ).leftOut[0]!.reason;
  const far = cell({ seed: 2, times: [1, 2, 3], fgsm: "1" });
  const sameSeed = cell({ seed: 1, times: [1, 2, 3] });
  const sameEpochs = cell({ seed: 2, times: six });
  assertEquals(
    nearest([far, sameSeed, sameEpochs]),
    "the most similar differs in epochs",
  );
  assertEquals(
    nearest([far, sameEpochs, sameSeed]),
    "the most similar differs in seed",
  );
});

Deno.test("compareResultSets() refuses sets without a cell, which no gate may pass", () => {
  const empty = { ...resultSet([cell()]), cells: [] };
  for (const pair of [[empty, empty], [resultSet([cell()]), empty]] as const) {
    for (const common of [false, true]) {
      assertStringIncludes(
        refused(pair[0], pair[1], common),
        'json" must have at least one cell, got 0',
      );
    }
  }
});

Deno.test("compareResultSets() refuses other images, even of the same name and number", () => {
  const message = refused(
    resultSet([cell()], { images: "d" }),
    resultSet([cell()], { images: "e" }),
    true,
  );
  assertStringIncludes(message, '"b.json"');
  assertStringIncludes(message, "eeeeeeeeeeeeeeee");
});

Deno.test("compareResultSets() refuses cells that failed, and lists them with common", () => {
  const { id, config } = cell({ seed: 2 });
  const failed = {
    id,
    config,
    status: "failed" as const,
    error: "out of memory",
  };
  const [whole, partial] = [
    resultSet([cell(), cell({ seed: 2 })]),
    resultSet([cell(), failed]),
  ];
  assertStringIncludes(refused(whole, partial), "out of memory");
  const { rows, leftOut } = compareResultSets(named(whole, partial), {
    ...strictly,
    common: true,
  });
  assertEquals(rows.map(({ config }) => config.seed), [1]);
  assertEquals(leftOut.map(({ file, reason }) => [file, reason]), [
    ["b", "failed: out of memory"],
  ]);
  assertStringIncludes(
    refused(resultSet([failed]), resultSet([failed]), true),
    "different work",
  );
});

Deno.test("compareResultSets() refuses epochs that took no time", () => {
  const message = refused(
    resultSet([cell({ times: [1, 0] })]),
    resultSet([cell({ times: [1, 2] })]),
  );
  assertStringIncludes(message, "must take more than 0 ms, got [1,0] ms");
});

Deno.test("compareResultSets() gives no time ratio of one epoch, and no interval of four", () => {
  for (
    const [times, ratio] of [[[5], undefined], [[5, 1, 1, 1], 1]] as const
  ) {
    const { rows: [row], notes } = compareResultSets(
      named(resultSet([cell({ times })]), resultSet([cell({ times })])),
      strictly,
    );
    assertEquals(row!.time?.ratio, ratio);
    assertEquals(row!.time?.interval ?? null, null);
    assertEquals(notes.length, 1);
  }
});

Deno.test("compareResultSets() says which engines ran the sets, where they differ, and shows each", () => {
  const engine = { name: "Node", version: "24.1.0" } as const;
  const base = resultSet([cell()]);
  const node = resultSet([cell()], { engine });
  const old = compareResultSets(named(base, base), strictly);
  assertEquals(old.notes.filter((note) => /engine/.test(note)), []);
  const comparison = compareResultSets(named(base, node), strictly);
  // Sets of earlier versions name Deno only.
  assertEquals(comparison.files.map(({ runtime }) => runtime), [
    "Deno 2.9.6",
    "Node 24.1.0",
  ]);
  const [note] = comparison.notes;
  assertStringIncludes(note!, "engines (Deno 2.9.6, Node 24.1.0)");
  assertEquals(comparison.rows[0]!.outcome.verdict, "bit-equal");
  const page = formatMarkdown(comparison);
  const [heading, , first, second] = page.split("\n").filter((line) =>
    line.startsWith("|")
  ).map((line) => line.split("|").map((text) => text.trim()));
  const column = heading!.indexOf("engine");
  assertEquals([first![column], second![column]], [
    "Deno 2.9.6",
    "Node 24.1.0",
  ]);
});

Deno.test("compareResultSets() says of a merged set where its parts ran, not where they were merged", () => {
  const base = resultSet([cell()]);
  const merged = resultSet([cell()], { cpu: "merging", jobs: 2 });
  merged.parts = [
    { cpu: "first", jobs: 2 },
    {
      cpu: "second",
      engine: { name: "Node", version: "24.1.0" } as const,
      git: { commit: "d".repeat(40), dirty: false },
    },
  ].map((differing) => ({
    digest: base.digest,
    provenance: { ...base.provenance, ...differing },
  }));
  const { files, notes } = compareResultSets(named(base, merged), strictly);
  const { cpu, runtime, jobs, commit } = files[1]!;
  assertEquals([cpu, runtime, jobs, commit], [
    "first, second",
    "Deno 2.9.6, Node 24.1.0",
    2,
    `${"c".repeat(12)}+, ${"d".repeat(12)}`,
  ]);
  assertStringIncludes(notes[0]!, "engines (Deno 2.9.6, Node 24.1.0)");
  assertStringIncludes(notes[1]!, "(jobs)");
});

Deno.test("compareResultSets() warns of a software adapter and of different numbers of jobs", () => {
  const adapter = { description: "llvmpipe", software: true };
  const { files, notes } = compareResultSets(
    named(
      resultSet([cell({ times: six })]),
      resultSet([cell({ times: six, backend: "webgpu" })], {
        jobs: 2,
        backend: { name: "webgpu", adapter },
      }),
    ),
    strictly,
  );
  assertEquals([files[1]!.adapter, files[1]!.software], ["llvmpipe", true]);
  assertEquals(notes.length, 2);
  assertStringIncludes(notes[0]!, "software");
  assertStringIncludes(notes[1]!, "jobs");
});

Deno.test("compareResultSets() finds a published set bit-equal to itself, at ratio 1 within the interval", async () => {
  const set = await readRecorded("quick-1e218e0d");
  const { rows, overall } = compareResultSets(named(set, set), strictly);
  assertEquals(rows.length, set.cells.length);
  for (const { outcome, time } of rows) {
    assertEquals(outcome.verdict, "bit-equal");
    assertAlmostEquals(time!.ratio, 1, 1e-12);
    assertAlmostEquals(time!.interval!.low * time!.interval!.high, 1, 1e-12);
  }
  assertAlmostEquals(overall[0]!.time!.ratio, 1, 1e-12);
});

Deno.test("compareResultSets() leaves out the time of an epoch that diverged, which was ended early", () => {
  const sets = [
    resultSet([cell({ times: [100, 10, 10] })]),
    resultSet([diverge(cell({ times: [100, 10, 1], losses: [2, 2] }), 2)]),
  ];
  const { rows: [row] } = compareResultSets(
    sets.map((set, i) => ({ path: `${i}.json`, set })),
    strictly,
  );
  assertEquals([row!.referenceMs, row!.comparedMs], [10, 10]);
  assertEquals(row!.outcome.verdict, "different");
});
