import { assertEquals, assertThrows } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { type StudyInput, studySchema } from "../../src/spec/study.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { readRecorded } from "../recorded_sets.ts";

const plan = (input: Partial<StudyInput>) =>
  planCells(studySchema.parse({ name: "test", ...input }), "wasm");

Deno.test("planCells() runs ratio 0 once for all policies, modes and budgets", () => {
  const cells = plan({
    policy: ["uniform", "class-biased"],
    mode: ["add", "replace"],
    budget: ["steps", "epochs"],
    ratios: [0, 0.25],
    seeds: [0, 1],
  });
  const none = cells.filter(({ config }) =>
    config.duplication.policy === "none"
  );
  assertEquals(none.map(({ config }) => config.seed), [0, 1]);
  // Mode replace keeps the size of the set, so its budgets are the same.
  assertEquals(cells.length, 2 + 2 * (2 + 1) * 2);
});

Deno.test("planCells() gives every cell an id of its own, the same each time", () => {
  const ids = plan({ seeds: [0, 1, 2] }).map(({ id }) => id);
  assertEquals(new Set(ids).size, 9);
  assertEquals(plan({ seeds: [0, 1, 2] }).map(({ id }) => id), ids);
});

Deno.test("planCells() takes optimizer and augmentation from the model's published protocol", () => {
  const [standard, adversarial] = plan({
    model: ["published-standard", "published-adversarial"],
    ratios: [0],
  });
  assertEquals(standard!.config.optimizer, {
    name: "sgd",
    learningRate: 0.01,
    momentum: 0.9,
    weightDecay: 5e-4,
  });
  assertEquals(standard!.config.augmentation.name, "crop-flip");
  assertEquals(adversarial!.config.optimizer, {
    name: "adam",
    learningRate: 0.001,
    weightDecay: 0,
  });
  assertEquals(adversarial!.config.augmentation.name, "none");
});

Deno.test("planCells() leaves out of a config what has no effect on the cell", () => {
  const [with3, with7] = [3, 7].map((trainSteps) =>
    plan({ trainSteps, ratios: [0] })[0]!.id
  );
  assertEquals(with3, with7, "standard training has no PGD steps");
  const [own, same] = (["own", "same"] as const).map((augmentCopies) =>
    plan({ augmentCopies, ratios: [0] })[0]!.id
  );
  assertEquals(own, same, "without copies there is no choice");
  const [usual, said] = [
    {},
    { cropPadding: 4, border: "black", flip: "random" } as const,
  ].map(
    (options) => plan({ ...options, ratios: [0] })[0]!.id,
  );
  assertEquals(usual, said, "what is usual is not said");
});

Deno.test("planCells() has the options of an augmentation in the config of cells that it moves", () => {
  const [moved, still] = plan({
    model: ["published-standard", "published-adversarial"],
    cropPadding: 2,
    border: "reflect",
    flip: "alternating",
    cutout: 8,
    ratios: [0],
  });
  assertEquals(moved!.config.augmentation, {
    name: "crop-flip",
    padding: 2,
    border: "reflect",
    flip: "alternating",
    cutout: 8,
    copies: "own",
  });
  assertEquals(still!.config.augmentation, { name: "none", copies: "own" });
});

Deno.test("planCells() names copies and dedup only where they are not the default", () => {
  const [before] = plan({ ratios: [0.5] });
  const [after] = plan({ ratios: [0.5], copies: ["exact"], dedup: ["none"] });
  assertEquals(after, before);
  assertEquals("dedup" in before!.config, false);
  assertEquals(Object.keys(before!.config.duplication), [
    "policy",
    "ratio",
    "mode",
  ]);
});

Deno.test("planCells() gives near copies their kinds, but not at ratio 0", () => {
  const cells = plan({ ratios: [0, 0.5], copies: ["exact", "near"] });
  assertEquals(cells.map(({ config }) => config.duplication.nearKinds), [
    undefined,
    undefined,
    ["flip", "shift", "brightness", "jpeg"],
  ]);
  const [flips] = plan({
    ratios: [0.5],
    copies: ["near"],
    nearKinds: ["flip"],
  });
  assertEquals(flips!.config.duplication.nearKinds, ["flip"]);
});

Deno.test("planCells() makes near copies where images are repeated, class weights restored or not", () => {
  const cells = plan({
    ratios: [0.5],
    copies: ["exact", "near"],
    nearKinds: ["flip"],
    standIn: ["copies", "weights", "fresh", "prior-restored"],
  });
  assertEquals(
    cells.map(({ config: { duplication } }) => [
      duplication.standIn,
      duplication.nearKinds,
    ]),
    [
      [undefined, undefined],
      [undefined, ["flip"]],
      ["weights", undefined],
      ["fresh", undefined],
      ["prior-restored", undefined],
      ["prior-restored", ["flip"]],
    ],
  );
});

Deno.test("planCells() lets labels conflict where images are repeated only, and names no conflict of 0", () => {
  const cells = plan({
    ratios: [0, 0.5],
    conflict: [0, 0.25],
    mode: ["add", "replace"],
    standIn: ["copies", "weights", "fresh", "prior-restored"],
  });
  assertEquals(
    cells.map(({ config: { duplication } }) => [
      duplication.mode,
      duplication.standIn,
      duplication.conflict,
    ]).slice(1),
    [
      ["add", undefined, undefined],
      ["add", undefined, 0.25],
      ["add", "weights", undefined],
      ["add", "fresh", undefined],
      ["add", "prior-restored", undefined],
      ["add", "prior-restored", 0.25],
      ["replace", undefined, undefined],
      ["replace", undefined, 0.25],
    ],
  );
  assertEquals("conflict" in cells[1]!.config.duplication, false);
  assertEquals(plan({ conflict: [0] }), plan({}));
});

Deno.test("planCells() says that plans are drawn anew where anything is drawn", () => {
  const cells = (more: Partial<StudyInput>) =>
    plan({ ratios: [0, 1], plans: "anew", ...more }).map(({ config }) => [
      config.duplication.policy,
      config.duplication.standIn,
      config.duplication.plans,
    ]);
  assertEquals(cells({}), [
    ["none", undefined, undefined],
    ["uniform", undefined, "anew"],
  ]);
  assertEquals(
    cells({
      policy: ["whole-copies", "single-class"],
      class: 1,
      standIn: ["copies", "fresh"],
    }),
    [
      ["none", undefined, undefined],
      ["whole-copies", undefined, undefined],
      ["whole-copies", "fresh", "anew"],
      ["single-class", undefined, "anew"],
      ["single-class", "fresh", "anew"],
    ],
  );
  assertEquals(
    cells({ policy: ["whole-copies"], conflict: [0, 0.5] }).map(([, , of]) =>
      of
    ),
    [undefined, undefined, "anew"],
  );
  assertEquals(plan({ plans: "nested" }), plan({}));
  const { error } = studySchema.safeParse({
    name: "x",
    policy: ["whole-copies"],
    plans: "anew",
  });
  assertEquals(
    error!.issues.map(({ message }) => message),
    [
      "has no effect without a policy other than whole-copies, copies near, standIn fresh or conflict above 0",
    ],
  );
});

Deno.test("planCells() searches for duplicates at ratio 0, too: the set may have some", () => {
  const cells = plan({ ratios: [0, 0.5], dedup: ["none", "exact", "near"] });
  assertEquals(
    cells.map(({ config }) => [
      config.duplication.ratio,
      config.dedup?.method ?? "none",
    ]),
    [[0, "none"], [0.5, "none"], [0, "exact"], [0.5, "exact"], [0, "near"], [
      0.5,
      "near",
    ]],
  );
});

for (
  const file of [
    "results/quick.json",
    "fixtures/sets/quick-1e218e0d.json",
    "fixtures/quick-0.2.0.json",
  ]
) {
  Deno.test(`planCells() gives the recorded study quick the ids that ${file} has`, async () => {
    const { study, cells } = await readResultSet(
      fromFileUrl(new URL(`../../${file}`, import.meta.url)),
    );
    assertEquals(
      planCells(study, cells[0]!.config.backend).map(({ id }) => id),
      cells.map(({ id }) => id),
    );
  });
}

Deno.test("planCells() gives the first cell of quick the id that it has always had", async () => {
  // Written down, as the file that holds it may be made anew.
  // What quick was until 0.4.0.
  const { study } = await readRecorded("quick-1e218e0d");
  const { batching: _, ...recorded } = study;
  const [first] = planCells(recorded, "wasm");
  assertEquals(first!.id, "8296f7e4c6e40ba2");
  // Since 0.3.0 its batches are full, which is in the id.
  const [current] = planCells(study, "wasm");
  assertEquals(current!.config, { ...first!.config, batching: "full" });
});

Deno.test("planCells() names the split of a folder where it keeps groups, and never that of other data", () => {
  const [recorded] = plan({ dataset: "folder" });
  assertEquals("split" in recorded!.config.dataset, false);
  assertEquals(plan({ dataset: "folder", split: "images" })[0], recorded);
  const [current] = plan({ dataset: "folder", split: "groups" });
  assertEquals(current!.config.dataset, {
    ...recorded!.config.dataset,
    split: "groups",
  });
  assertThrows(() => plan({ split: "groups" }));
});

Deno.test("planCells() names counts between epochs only where they are asked for", () => {
  const [plain] = plan({ epochs: 10 });
  assertEquals("evaluateEvery" in plain!.config, false);
  const [counted] = plan({ epochs: 10, evaluateEvery: 3 });
  assertEquals(counted!.config, { ...plain!.config, evaluateEvery: 3 });
  // After the last epoch images are counted anyway.
  const [last, beyond] = [10, 99].map((evaluateEvery) =>
    plan({ epochs: 10, evaluateEvery })[0]
  );
  assertEquals(beyond, last);
});

Deno.test("planCells() names options of optimizers only where they change something", () => {
  const optimizerOf = (input: Partial<StudyInput>) =>
    plan({ ratios: [0], ...input })[0]!.config.optimizer;
  const usual = optimizerOf({});
  assertEquals(Object.keys(usual), [
    "name",
    "learningRate",
    "momentum",
    "weightDecay",
  ]);
  assertEquals(
    optimizerOf({ nesterov: false, decayOn: "all", biasRate: 1 }),
    usual,
  );
  assertEquals<object>(
    optimizerOf({ nesterov: true, decayOn: "weights", biasRate: 64 }),
    { ...usual, nesterov: true, decayOn: "weights", biasRate: 64 },
  );
  assertEquals(optimizerOf({ optimizer: "adamw" }), {
    name: "adamw",
    learningRate: 0.001,
    weightDecay: 0.01,
  });
});

Deno.test("planCells() names label smoothing only where there is some", () => {
  const smoothing = (labelSmoothing: number) =>
    plan({ labelSmoothing, ratios: [0] })[0]!.config;
  assertEquals("labelSmoothing" in smoothing(0), false);
  assertEquals(smoothing(0.2).labelSmoothing, 0.2);
});

Deno.test("planCells() gives a schedule the numbers that it reads", () => {
  const scheduleOf = (input: Partial<StudyInput>) =>
    plan({ ratios: [0], ...input })[0]!.config.schedule;
  assertEquals(scheduleOf({ schedule: "one-cycle" }), {
    name: "one-cycle",
    warmup: 0.23,
    start: 0.2,
    end: 0.07,
  });
  assertEquals(
    scheduleOf({ schedule: "one-cycle", scheduleStart: 0, scheduleEnd: 0 }),
    { name: "one-cycle", warmup: 0.23, start: 0, end: 0 },
  );
  // As recorded cells have it.
  assertEquals(scheduleOf({ schedule: "cosine" }), { name: "cosine" });
  assertEquals(scheduleOf({ schedule: "cosine", scheduleWarmup: 0 }), {
    name: "cosine",
    warmup: 0,
  });
});

Deno.test("studySchema refuses options that would do nothing", () => {
  for (
    const input of [
      { class: 1 },
      { multiplicity: 2 },
      { classWeights: [1, 2] },
      { momentum: 0.5, optimizer: "adam" },
      { nesterov: true, optimizer: "adam" },
      { nesterov: true, momentum: 0 },
      { decayOn: "weights", optimizer: "adam" },
      { decayOn: "weights", weightDecay: 0 },
      { scheduleEvery: 3 },
      { scheduleWarmup: 0.1, schedule: "step" },
      { scheduleStart: 0.1, schedule: "cosine" },
      { scheduleEnd: 0.1 },
      { nearKinds: ["flip"] },
      { nearKinds: ["flip"], copies: ["exact"] },
      { conflict: [0.5], standIn: ["weights", "fresh"] },
    ] as const
  ) {
    const result = studySchema.safeParse({ name: "x", ...input });
    assertEquals(result.error!.issues[0]!.path, [Object.keys(input)[0]!]);
  }
  assertThrows(() =>
    studySchema.parse({ name: "x", policy: ["single-class"] })
  );
});

Deno.test("studySchema refuses fields it does not know and values given twice", () => {
  assertThrows(() => studySchema.parse({ name: "x", ratio: [0] }));
  assertThrows(() => studySchema.parse({ name: "x", seeds: [1, 1] }));
});

Deno.test("namedStudies has quick, with both trainings, two policies, two ratios, two seeds", () => {
  const { training, policy, ratios, seeds } = namedStudies["quick"]!;
  assertEquals(
    [training, policy, ratios, seeds].map((axis) => axis.length),
    [2, 2, 2, 2],
  );
});

Deno.test("planCells() crosses stand-ins with mode add only, and keeps mode replace below one half", () => {
  const cells = plan({
    mode: ["add", "replace"],
    standIn: ["copies", "weights", "fresh", "prior-restored"],
    budget: ["steps", "epochs"],
    ratios: [0, 0.25, 0.5, 1],
  });
  const count = (mode: string, standIn?: string) =>
    cells.filter(({ config }) =>
      config.duplication.mode === mode && config.duplication.ratio > 0 &&
      config.duplication.standIn === standIn
    ).length;
  assertEquals(count("add"), 3 * 2);
  assertEquals(count("add", "fresh"), 3 * 2);
  assertEquals(count("add", "prior-restored"), 3 * 2);
  // As many slots as originals: equal steps are equal epochs.
  assertEquals(count("add", "weights"), 3);
  assertEquals(count("replace"), 2);
  assertEquals(cells.length, 1 + 6 + 6 + 6 + 3 + 2);
});

Deno.test("planCells() of every named study gives cells", () => {
  for (const study of Object.values(namedStudies)) {
    assertEquals(planCells(study, "wasm").length > 3, true, study.name);
  }
});

Deno.test("studySchema refuses a study of more cells than anyone can run, at once", () => {
  const list = (n: number) => Array.from({ length: n }, (_, i) => i);
  const ratios = (n: number) => list(n).map((i) => i / 100);
  const name = "test";
  const { error } = studySchema.safeParse({
    name,
    ratios: ratios(1000),
    seeds: list(1000),
  });
  assertEquals(error?.issues.map(({ path, message }) => [path, message]), [
    [["seeds"], "must leave at most 100000 cells, with all other axes"],
  ]);
  studySchema.parse({ name, ratios: ratios(100), seeds: list(1000) });
});

Deno.test("planCells() gives each cell of the shipped studies the hash of its config as id", () => {
  for (const study of Object.values(namedStudies)) {
    for (const { id, config } of planCells(study, "wasm")) {
      assertEquals(id, cellId(config), study.name);
    }
  }
});
