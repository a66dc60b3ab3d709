import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { openBackend } from "../../src/backend/open_backend.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { buildClassifier } from "../../src/models/classifier.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { makeTrainingList, planSlots } from "../../src/cell/training_list.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { publishedNetwork } from "../../src/spec/networks.ts";
import { train } from "../../src/train/train.ts";

const dataset = await loadDataset("cifar10-mini", {
  limitTrain: 60,
  limitTest: 20,
  reserve: true,
});

function cellsOf(study: Partial<StudyInput>) {
  return planCells(
    parseStudy({
      name: "stand-ins",
      limitTrain: 60,
      limitTest: 20,
      ratios: [1],
      policy: ["class-biased"],
      standIn: ["copies", "weights", "fresh"],
      epochs: 2,
      batch: 20,
      attacks: ["fgsm"],
      ...study,
    }),
    "wasm",
  );
}

Deno.test("makeTrainingList() gives weights of mean 1, also once duplicates are removed", async () => {
  const { train } = dataset;
  const pixels = train.pixels.slice();
  const size = pixels.length / train.rows;
  // Of class-biased copies, the originals that stay have other weights on average.
  pixels.copyWithin(0, 40 * size, 50 * size);
  const repeated = { ...dataset, train: { ...train, pixels } };
  for (
    const { config } of cellsOf({
      standIn: ["copies", "weights"],
      dedup: ["none", "exact"],
    })
  ) {
    const { weights, rows } = await makeTrainingList(repeated, config);
    if (weights === undefined) continue;
    assertEquals(rows.length, config.dedup === undefined ? 60 : 50);
    const sum = weights.reduce((sum, weight) => sum + weight, 0);
    assertAlmostEquals(sum / weights.length, 1, 1e-6);
  }
});

Deno.test("makeTrainingList() gives copies, weights and fresh images the same class mix", async () => {
  const made = [];
  for (const { config } of cellsOf({})) {
    const list = await makeTrainingList(dataset, config);
    const { labels } = list.images;
    const mix = new Array<number>(10).fill(0);
    list.imageRows.forEach((row, slot) =>
      mix[labels[row]!]! += list.weights?.[slot] ?? 1
    );
    made.push({ list, mix: mix.map((n) => n / list.rows.length) });
  }
  const [copies, weights, fresh] = made;
  assertEquals(copies!.list.imageRows.length, 120);
  assertEquals(weights!.list.imageRows.length, 60);
  assertEquals(fresh!.list.imageRows.length, 120);
  copies!.mix.forEach((share, label) => {
    assertAlmostEquals(share, fresh!.mix[label]!, 1e-12);
    assertAlmostEquals(share, weights!.mix[label]!, 1e-6);
  });
  assert(new Set(copies!.list.imageRows).size === 60, "copies repeat");
  assert(new Set(fresh!.list.imageRows).size === 120, "fresh images do not");
});

Deno.test("makeTrainingList() adds the pixels of the reserve's rows", async () => {
  const { config } = cellsOf({ standIn: ["fresh"] })[0]!;
  const { fresh } = planSlots(dataset, config);
  const { images, rows } = await makeTrainingList(dataset, config);
  const { pixels, labels } = images;
  assertEquals(images.rows, 120);
  const { reserve, train } = dataset;
  assertEquals(reserve!.rows, 2000 - 60);
  assertEquals(pixels.subarray(0, 60 * 3072), train.pixels);
  fresh!.forEach((row, i) => {
    assertEquals(labels[60 + i], reserve!.labels[row]);
    assertEquals(train.labels[rows[60 + i]!], reserve!.labels[row]);
    assertEquals(
      pixels.subarray((60 + i) * 3072, (61 + i) * 3072),
      reserve!.pixels.subarray(row * 3072, (row + 1) * 3072),
    );
  });
});

Deno.test("planSlots() refuses fresh images where the limit leaves none", () => {
  const { config } = cellsOf({ standIn: ["fresh"] })[0]!;
  const { reserve: _, ...whole } = dataset;
  assertThrows(() => planSlots(whole, config), RangeError, "limitTrain");
});

Deno.test("wasm: a step on weighted originals is a step on all their copies", async () => {
  const backend = await openBackend("wasm");
  const [copies, weights] = cellsOf({}).map(({ config }) =>
    planSlots(dataset, config)
  );
  const final: number[][] = [];
  for (const plan of [copies!, weights!]) {
    const classifier = buildClassifier(
      publishedNetwork({ filters: [4, 8], hidden: 16, dropout: 0 }),
      { input: { shape: dataset.shape, classes: 10 }, seed: 1 },
    );
    const { epochs } = await train(classifier, dataset, {
      rows: plan.rows,
      weights: plan.weights,
      // One step on everything: then the two losses are one function.
      batch: 120,
      epochs: 1,
      budget: "epochs",
      seed: 1,
      augmentation: { name: "none", copies: "own" },
      optimizer: {
        name: "sgd",
        learningRate: 0.5,
        momentum: 0,
        weightDecay: 0,
      },
      schedule: { name: "constant" },
    }, { backend });
    const values = await Promise.all(classifier.weights.map((w) => w.data()));
    final.push([epochs[0]!.loss, ...values.flatMap((v) => [...v])]);
    classifier.dispose();
  }
  final[0]!.forEach((value, i) =>
    assertAlmostEquals(value, final[1]![i]!, 1e-5)
  );
});

Deno.test("wasm: runCell() trains as many steps with every stand-in, and records it", async () => {
  const backend = await openBackend("wasm");
  const cells = [];
  for (const cell of cellsOf({})) {
    cells.push(await runCell(cell, dataset, { backend }));
  }
  assertEquals(
    cells.map(({ outcome }) => outcome.epochs.map(({ steps }) => steps)),
    [[3, 3], [3, 3], [3, 3]],
  );
  assertEquals(
    cells.map(({ duplication }) => [
      duplication.originals,
      duplication.copies,
      duplication.distinctCopied > 0,
    ]),
    [[60, 60, true], [60, 60, true], [60, 60, false]],
  );
  assertEquals(
    cells.map(({ outcome }) => outcome.train!.copies.rows),
    [60, 0, 60],
  );
  assertEquals(new Set(cells.map((c) => c.outcome.weightsSha256)).size, 3);
});

Deno.test("wasm: the published clamp leaves no pixel below one half, which is flagged", async () => {
  const backend = await openBackend("wasm");
  const [cell] = cellsOf({
    ratios: [0],
    training: ["adversarial"],
    trainSteps: 2,
    attackLowest: 0.5,
    testRandomStart: false,
    attacks: ["pgd-2"],
  });
  const { outcome } = await runCell(cell!, dataset, { backend });
  const flags = outcome.flags.map(({ flag }) => flag);
  assert(flags.includes("perturbation-exceeds-epsilon"), flags.join());
  // A black pixel moved to mid-grey.
  const { maxPerturbation } = outcome.test!.byAttack["pgd-2"]!;
  assert(maxPerturbation > 0.4 && maxPerturbation <= 0.5, `${maxPerturbation}`);
});

Deno.test("wasm: test images that are augmented are classified differently, and the same every time", async () => {
  const backend = await openBackend("wasm");
  const run = async (testAugment: boolean) =>
    (await runCell(
      cellsOf({ ratios: [0], testAugment, epochs: 8, attacks: [] })[0]!,
      dataset,
      { backend },
    )).outcome;
  const [plain, moved, again] = [
    await run(false),
    await run(true),
    await run(true),
  ];
  assertEquals(moved, again);
  assertEquals(moved.weightsSha256, plain.weightsSha256);
  assert(
    moved.test!.clean.bits !== plain.test!.clean.bits ||
      moved.train!.unique.correct !== plain.train!.unique.correct,
  );
});
