import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { cellCost, cellWork } from "../../src/cell/cell_cost.ts";
import { measureRates } from "../../src/cell/measure_rates.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { planSlots } from "../../src/cell/training_list.ts";
import { assumeWork, estimateWork } from "../../src/cell/estimate_work.ts";
import {
  assumedRates,
  countSlots,
  secondsOf,
  sumWork,
  type WorkRates,
} from "../../src/cell/work_time.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import type { BackendName } from "../../src/spec/backends.ts";
import { datasets } from "../../src/spec/datasets.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import type { NetworkName } from "../../src/spec/networks.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { estimateStudies } from "../../src/sweep/sweep_estimate.ts";
import { slowTest } from "../slow.ts";
import { readRecorded } from "../recorded_sets.ts";

const configsOf = (fields: Partial<StudyInput>) =>
  planCells(
    parseStudy({
      name: "costs",
      training: ["adversarial"],
      trainSteps: 10,
      budget: ["epochs"],
      ratios: [1],
      epochs: 30,
      evaluateEvery: 1,
      attacks: [],
      ...fields,
    }),
    "wasm",
  ).map(({ config }) => config);

Deno.test("cellWork() counts updates, attack steps and evaluations as computed by hand", () => {
  const rows = { train: 4000, slots: 8000, test: 1000 };
  const workOf = (fields: Partial<StudyInput>) =>
    cellWork(configsOf(fields)[0]!, rows);
  // 30 epochs of 8,000 images; 29 counts and the final one; originals once.
  assertEquals(workOf({}), {
    updates: 240_000,
    attackSteps: 2_400_000,
    evaluations: 30 * 1000 + 4000,
  });
  // With equal steps an epoch has as many images as there are originals.
  assertEquals(workOf({ budget: ["steps"] }).updates, 120_000);
  // FGSM 1, PGD 20, APGD-CE 100 and its start, APGD-T the same for nine classes;
  // three queries of Square, which has no gradient, count as one gradient.
  assertEquals(
    workOf({
      training: ["standard"],
      attacks: ["fgsm", "pgd-20", "apgd-ce-100", "apgd-t-100", "square-5000"],
    }),
    {
      updates: 240_000,
      attackSteps: 1000 * (1 + 20 + 101 + 9 * 101 + 1667),
      evaluations: 30 * 1000 + 5 * 1000 + 4000,
    },
  );
});

Deno.test("cellCost() weighs an update as two passes and adds up the rest", () => {
  const rows = { train: 4000, slots: 8000, test: 1000 };
  const [config] = configsOf({});
  const { updates, attackSteps, evaluations } = cellWork(config!, rows);
  assertEquals(
    cellCost(config!, rows).total,
    2 * updates + attackSteps + evaluations,
  );
});

Deno.test("secondsOf() divides the work of each network by its rates", () => {
  const work = new Map<NetworkName, ReturnType<typeof cellWork>>([
    ["published-standard", {
      updates: 7200,
      attackSteps: 36_000,
      evaluations: 720_000,
    }],
    ["published-adversarial", {
      updates: 3600,
      attackSteps: 0,
      evaluations: 0,
    }],
  ]);
  const rates = new Map([
    ["published-standard" as const, {
      updates: 2,
      attackSteps: 5,
      evaluations: 100,
    }],
    ["published-adversarial" as const, {
      updates: 0.5,
      attackSteps: 1,
      evaluations: 1,
    }],
  ]);
  // One hour, two hours, two hours; and two of the other network.
  assertAlmostEquals(secondsOf(work, rates), 7 * 3600);
});

Deno.test("estimateWork() measures unless the work is short, or too long on any machine", async () => {
  const [short, long] = [1, 30].map((epochs) => configsOf({ epochs }));
  const place = { rows: { train: 40, test: 10 }, backend: "wasm" as const };
  const brief = await estimateWork(short!, place);
  assertEquals(brief.basis, "assumed");
  // 80 images with 12 passes each, 50 evaluations, 3000 passes per second.
  assertAlmostEquals(brief.seconds, 0.5 + (80 * 12 + 10 + 40) / 3000);
  const rows = { train: 4000, test: 10 };
  const assumed = assumeWork(long!, { ...place, rows });
  assertEquals(
    await estimateWork(long!, { ...place, rows, longest: 60 }),
    assumed,
  );
  const measured = await estimateWork(long!, { ...place, rows });
  assertEquals(measured.basis, "measured");
  assert(measured.seconds > 0);
});

Deno.test("assumedRates() is slower on cpu, and on an adapter in software", () => {
  const of = (backend: BackendName, software = false) =>
    assumedRates([{ model: "published-standard" }], { backend, software })
      .get("published-standard")!;
  assertEquals(of("wasm"), {
    updates: 1500,
    attackSteps: 3000,
    evaluations: 3000,
  });
  assertEquals(of("cpu").updates, 30);
  assertEquals(of("webgpu", true).updates, 150);
});

Deno.test("sumWork() adds up cells by network, copies included", () => {
  const configs = configsOf({
    model: ["published-standard", "published-adversarial"],
    training: ["standard"],
    ratios: [0, 0.5],
    evaluateEvery: undefined,
    epochs: 2,
  });
  const expected = {
    updates: 2 * (100 + 150),
    attackSteps: 0,
    evaluations: 2 * (10 + 100),
  };
  assertEquals(
    [...sumWork(configs, { train: 100, test: 10 })],
    [["published-standard", expected], ["published-adversarial", expected]],
  );
});

Deno.test("countSlots() is the length of the training list of every cell of the studies on embedded images", async () => {
  let checked = 0;
  for (const study of Object.values(namedStudies)) {
    if (study.dataset !== "cifar10-mini") continue;
    const { limitTrain } = study;
    const reserve = study.standIn?.includes("fresh") ?? false;
    const dataset = await loadDataset("cifar10-mini", {
      ...(limitTrain !== undefined && { limitTrain }),
      reserve,
    });
    for (const { id, config } of planCells(study, "wasm")) {
      assertEquals(
        countSlots(config, dataset.train.rows),
        planSlots(dataset, config).rows.length,
        `${study.name} ${id}`,
      );
      checked++;
    }
  }
  assert(checked > 200, `${checked} cells`);
});

Deno.test("the embedded data set has as many images as its table says", async () => {
  const { train, test } = await loadDataset("cifar10-mini");
  assertEquals(datasets["cifar10-mini"].rows, {
    train: train.rows,
    test: test.rows,
  });
});

Deno.test("wasm: measureRates() finds that a gradient takes longer than a classification", async () => {
  const backend = await openBackend("wasm");
  // The highest of several rates is the least disturbed by other processes.
  const rates = new Map<string, WorkRates>();
  for (let round = 0; round < 5; round++) {
    const found = await measureRates(
      [{ model: "published-standard" }, { model: "published-adversarial" }],
      { backend, batch: 32 },
    );
    for (const [network, now] of found) {
      const best = rates.get(network) ?? now;
      rates.set(network, {
        updates: Math.max(best.updates, now.updates),
        attackSteps: Math.max(best.attackSteps, now.attackSteps),
        evaluations: Math.max(best.evaluations, now.evaluations),
      });
    }
  }
  for (const [network, { attackSteps, evaluations }] of rates) {
    assert(attackSteps > 0 && evaluations > attackSteps, network);
  }
  const [small, large] = [...rates.values()];
  // 1.3 and 4.9 million multiplications an image in the convolutions alone.
  assert(small!.updates > large!.updates);
});

slowTest(
  "estimateStudies() is within a factor of 3 of the recorded time of quick, scaled to this machine",
  async () => {
    const set = await readRecorded("quick");
    const timeOf = ({ timing }: FinishedCell) =>
      timing.trainMs + timing.evaluateMs;
    const cells = set.cells as FinishedCell[];
    const recorded = cells.reduce((sum, cell) => sum + timeOf(cell), 0);
    const { limitTrain, limitTest, training } = set.study;
    const dataset = await loadDataset("cifar10-mini", {
      limitTrain,
      limitTest,
    });
    const backend = await openBackend("wasm");
    // One cell of each way to train tells how fast this machine is.
    let there = 0;
    let here = 0;
    for (const name of training) {
      const cell = cells.find(({ config }) => config.training.name === name)!;
      there += timeOf(cell);
      here += timeOf(await runCell(cell, dataset, { backend }));
    }
    const expected = recorded * here / there / 3.6e6;
    const [estimate] = await estimateStudies([
      { ...namedStudies["quick"]!, backend: "wasm" },
    ]);
    const ratio = estimate!.hours / expected;
    console.log(`estimate ${estimate!.hours} h, implied ${expected} h`);
    assert(ratio > 1 / 3 && ratio < 3, `${estimate!.hours} h, ${expected} h`);
  },
);
