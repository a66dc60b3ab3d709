import { assert, assertEquals, assertThrows } from "@std/assert";
import { imageScores } from "../../src/analysis/image_scores.ts";
import { measure } from "../../src/analysis/metric.ts";
import { requireCounts } from "../../src/analysis/require_counts.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { cellWork } from "../../src/cell/cell_cost.ts";
import { estimateCell } from "../../src/cell/estimate_cell.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { formatSweep } from "../../src/cli/sweep_table.ts";
import { compareOutcomes } from "../../src/compare/compare_outcomes.ts";
import { countPerClass } from "../../src/data/dataset.ts";
import { chooseAttackedRows } from "../../src/data/limit_rows.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { packDataset, unpackDataset } from "../../src/data/pack_dataset.ts";
import { cellTable, classTable } from "../../src/export/result_table.ts";
import { balancedCounts } from "../../src/results/attacked_images.ts";
import { packBits, unpackBits } from "../../src/results/bit_string.ts";
import {
  checkCounts,
  checkResultSet,
} from "../../src/results/check_result_set.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import type { TestOutcome } from "../../src/results/result_set_types.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { checkAgainstData } from "../../src/verify/check_against_data.ts";
import { compareWithin } from "../../src/verify/compare_within.ts";

const ROWS = 60;
const ATTACKED = 23;
const limits = { limitTrain: 100, limitTest: ROWS };
const dataset = await loadDataset("cifar10-mini", limits);
const shown = [...chooseAttackedRows(dataset, ATTACKED)];
const counts = { testPerClass: countPerClass(dataset.test.labels, 10) };
const backend = await openBackend("wasm");

const studyOf = (fields: Partial<StudyInput> = {}) =>
  parseStudy({
    name: "part",
    ...limits,
    ratios: [0],
    epochs: 4,
    epsilon: 0.004,
    attacks: ["fgsm", "pgd-2", "apgd-ce-2"],
    averageDecay: 0.5,
    testFlip: true,
    backend: "wasm",
    ...fields,
  });

const run = async (fields: Partial<StudyInput> = {}, data = dataset) =>
  await runCell(planCells(studyOf(fields), "wasm")[0]!, data, { backend });

const part = await run({ attackImages: ATTACKED });
const whole = await run();

/** The bits of a score of all images, of the attacked ones only. */
const bitsShown = (bits: string) => {
  const all = unpackBits(bits, ROWS);
  return packBits(shown.map((row) => all[row]!));
};

Deno.test("chooseAttackedRows() chooses the images that limitTest keeps, of all test images and of limited ones", async () => {
  const all = await loadDataset("cifar10-mini");
  const limited = await loadDataset("cifar10-mini", { limitTest: 47 });
  const { header, blocks } = packDataset(limited);
  const bytes = new Uint8Array(header.bytes);
  blocks.reduce((at, block) => {
    bytes.set(block, at);
    return at + block.length;
  }, 0);
  const sent = unpackDataset(header, bytes);
  for (const count of [1, 9, 10, 23, 46, 47]) {
    const kept = await loadDataset("cifar10-mini", { limitTest: count });
    assertEquals(chooseAttackedRows(all, count), kept.test.sourceRows);
    for (const dataset of [limited, sent]) {
      assertEquals(
        chooseAttackedRows(dataset, count).map((row) =>
          dataset.test.sourceRows![row]!
        ),
        kept.test.sourceRows,
      );
    }
    assertEquals(
      balancedCounts(countPerClass(all.test.labels, 10), count),
      countPerClass(kept.test.labels, 10),
    );
  }
  assertEquals(chooseAttackedRows(limited, undefined).length, 47);
  assertThrows(
    () => chooseAttackedRows(limited, 48),
    Error,
    '"attackImages" must be an integer in [1, 47], the test images of cifar10-mini, got 48',
  );
});

Deno.test("balancedCounts() gives the turn of a class that is used up to the others", () => {
  assertEquals(balancedCounts([1, 5, 0, 3], 6), [1, 3, 0, 2]);
  assertEquals(balancedCounts([1, 5, 0, 3], 9), [1, 5, 0, 3]);
});

Deno.test("wasm: runCell() with attackImages attacks these images as it does where it attacks all", () => {
  for (
    const [some, all] of [
      [part.outcome.test!, whole.outcome.test!],
      [part.outcome.averaged!.test, whole.outcome.averaged!.test],
    ] as const
  ) {
    const { attacked, byAttack, worstCase, ...clean } = some;
    const { byAttack: byAttackOfAll, worstCase: worstOfAll, ...cleanOfAll } =
      all;
    assertEquals(clean, cleanOfAll);
    assertEquals(attacked, {
      rows: ATTACKED,
      rowsPerClass: [3, 3, 3, 2, 2, 2, 2, 2, 2, 2],
    });
    assertEquals(Object.keys(byAttack), Object.keys(byAttackOfAll));
    for (const [name, { bits }] of Object.entries(byAttack)) {
      assertEquals(bits, bitsShown(byAttackOfAll[name]!.bits), name);
    }
    assertEquals(worstCase!.bits, bitsShown(worstOfAll!.bits));
  }
  const { clean, worstCase } = part.outcome.test!;
  const cleanShown = unpackBits(bitsShown(clean.bits), ATTACKED)
    .filter(Boolean).length;
  assert(worstCase!.correct > 0, "some images resist");
  assert(worstCase!.correct < cleanShown, "some do not");
  assertEquals(part.outcome.train, whole.outcome.train);
});

Deno.test("wasm: runCell() with attackImages finds what limitTest of that number finds, where attacks draw nothing", async () => {
  const fields = { attacks: ["fgsm", "pgd-2"], testRandomStart: false };
  const some = await run({ ...fields, attackImages: ATTACKED });
  const limited = await run(
    { ...fields, limitTest: ATTACKED },
    await loadDataset("cifar10-mini", { ...limits, limitTest: ATTACKED }),
  );
  assertEquals(some.outcome.weightsSha256, limited.outcome.weightsSha256);
  const { attacked, byAttack, worstCase } = some.outcome.test!;
  const { rows, rowsPerClass, ...test } = limited.outcome.test!;
  assertEquals(attacked, { rows, rowsPerClass });
  assertEquals(byAttack, test.byAttack);
  assertEquals(worstCase, test.worstCase);
});

Deno.test("attackImages is in the cell where a study sets it only, needs attacks and fits the test images", () => {
  const [cell] = planCells(studyOf({ attackImages: ATTACKED }), "wasm");
  assertEquals(cell!.config.evaluation.attackImages, ATTACKED);
  const [plain] = planCells(studyOf(), "wasm");
  assertEquals("attackImages" in plain!.config.evaluation, false);
  assertThrows(
    () => studyOf({ attackImages: 5, attacks: [] }),
    Error,
    "has no effect without attacks",
  );
  assertThrows(
    () => studyOf({ attackImages: ROWS + 1 }),
    Error,
    `must be at most limitTest, ${ROWS}`,
  );
  const { limitTest: _, ...study } = studyOf({ attackImages: ATTACKED });
  const [large] = planCells({ ...study, attackImages: 61 }, "wasm");
  assertThrows(() => estimateCell(large!, dataset), Error, '"attackImages"');
});

Deno.test("cellWork() counts the attacked images", () => {
  const rows = { train: 100, slots: 100, test: ROWS };
  const [some, all] = [part, whole].map(({ config }) =>
    cellWork(config, rows)
  ) as [ReturnType<typeof cellWork>, ReturnType<typeof cellWork>];
  // Two sets of weights, attacks of 1, 2 and 3 or fewer steps.
  assertEquals(
    all.evaluations - some.evaluations,
    2 * 3 * (ROWS - ATTACKED),
  );
  assertEquals((all.attackSteps - some.attackSteps) % (ROWS - ATTACKED), 0);
  assert(all.attackSteps > some.attackSteps);
  assertEquals(all.updates, some.updates);
});

const withTest = (change: (test: TestOutcome) => void): FinishedCell => {
  const cell = structuredClone(part);
  change(cell.outcome.test!);
  return cell;
};

Deno.test("checkCounts() finds attacked images that are missing, not asked for or of a wrong number", () => {
  assertEquals(checkCounts(part, counts), []);
  assertEquals(checkCounts(whole, counts), []);
  const faultsOf = (change: (test: TestOutcome) => void) =>
    checkCounts(withTest(change), counts);
  assertEquals(
    faultsOf((test) => delete test.attacked)[0],
    "outcome.test.attacked: expected counts, got none in the file",
  );
  assertEquals(
    faultsOf((test) => test.attacked!.rowsPerClass[9] = 3),
    [
      "outcome.test.attacked.rowsPerClass: expected 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, got 3, 3, 3, 2, 2, 2, 2, 2, 2, 3 in the file",
    ],
  );
  assertEquals(
    faultsOf((test) => test.byAttack.fgsm!.bits = "0".repeat(ROWS / 4))[0]
      ?.startsWith("outcome.test.byAttack.fgsm.bits: Bits of 23 images"),
    true,
  );
  assertEquals(
    faultsOf((test) => delete test.worstCase),
    ["outcome.test.worstCase: expected counts, got none in the file"],
  );
  const { evaluation: { attackImages: _, ...evaluation } } = part.config;
  assertEquals(
    checkCounts({ ...part, config: { ...part.config, evaluation } }, counts)[0],
    "outcome.test.attacked: expected none, got counts in the file",
  );
});

Deno.test("measure() and imageScores() take the worst case over the attacked images", () => {
  const { clean, worstCase } = part.outcome.test!;
  assertEquals(measure(part, "clean"), 100 * clean.correct / ROWS);
  assertEquals(
    measure(part, "adversarial"),
    100 * worstCase!.correct / ATTACKED,
  );
  const scores = imageScores(part, "adversarial")!;
  assertEquals(scores.right.length, ATTACKED);
  assertEquals(scores.rowsPerClass, part.outcome.test!.attacked!.rowsPerClass);
  assertEquals(imageScores(part, "clean")!.right.length, ROWS);
});

Deno.test("compareOutcomes() and compareWithin() divide by the attacked images", () => {
  const { accuracies, verdict } = compareOutcomes(part, part, {
    loss: 0,
    agreement: 1,
  });
  assertEquals(verdict, "bit-equal");
  assertEquals(
    accuracies.map(({ evaluation, rows }) => [evaluation, rows]),
    ["", "averaged "].flatMap((weights) => [
      [`${weights}clean`, ROWS],
      [`${weights}flipped`, ROWS],
      [`${weights}fgsm`, ATTACKED],
      [`${weights}pgd-2`, ATTACKED],
      [`${weights}apgd-ce-2`, ATTACKED],
    ]),
  );
  const other = withTest((test) => {
    const bits = unpackBits(test.byAttack.fgsm!.bits, ATTACKED);
    bits[0] = !bits[0];
    test.byAttack.fgsm!.bits = packBits(bits);
  });
  assertEquals(compareWithin(part, other, 1 / ATTACKED), null);
  assertEquals(
    compareWithin(part, other, 0.99 / ATTACKED)?.field,
    "outcome.test.byAttack.fgsm.correct",
  );
});

Deno.test("wasm: runSweep() with attackImages gives a set that checks, tables and exports take", async () => {
  const end = await runSweep(studyOf({ attackImages: ATTACKED }));
  assert(end.status === "complete");
  const { set } = end;
  assertEquals(checkResultSet(set).faults, []);
  requireCounts(set);
  const planned = planCells(set.study, "wasm");
  assertEquals(
    (await checkAgainstData(set, dataset, { planned })).faults,
    [],
  );
  const [cell] = set.cells as [FinishedCell];
  const { worstCase, clean, byAttack } = cell.outcome.test!;
  // An image that is wrong clean, and resists in a forged file.
  const right = unpackBits(clean.bits, ROWS);
  const at = shown.findIndex((row) => !right[row]);
  const forged = structuredClone(set);
  const forgedTest = (forged.cells[0] as FinishedCell).outcome.test!;
  for (
    const score of [
      forgedTest.worstCase!,
      ...Object.values(forgedTest.byAttack),
    ]
  ) {
    const bits = unpackBits(score.bits, ATTACKED);
    if (!bits[at]) {
      score.correct++;
      score.correctPerClass[dataset.test.labels[shown[at]!]!]!++;
    }
    bits[at] = true;
    score.bits = packBits(bits);
  }
  const { faults } = await checkAgainstData(forged, dataset, { planned });
  assertEquals(
    faults[0],
    `cell ${cell.id}: outcome.test.worstCase.bits: expected false for image ${at}, by clean and every attack, got true in the file`,
  );
  const { columns, rows: [row] } = cellTable(set);
  const valueOf = (name: string) =>
    row![columns.findIndex((column) => column.name === name)];
  assertEquals(valueOf("test_images"), ROWS);
  assertEquals(valueOf("attack_images"), ATTACKED);
  assertEquals(valueOf("attacked_images"), ATTACKED);
  assertEquals(valueOf("clean_accuracy"), clean.correct / ROWS);
  assertEquals(valueOf("worst_case_accuracy"), worstCase!.correct / ATTACKED);
  assertEquals(valueOf("fgsm_accuracy"), byAttack.fgsm!.correct / ATTACKED);
  const classes = classTable(set);
  const place = (name: string) =>
    classes.columns.findIndex((column) => column.name === name);
  const imagesOf = (evaluation: string) =>
    classes.rows.filter((row) => row[place("evaluation")] === evaluation)
      .map((row) => row[place("test_images")]);
  assertEquals(imagesOf("clean"), counts.testPerClass);
  assertEquals(
    imagesOf("worst-case"),
    cell.outcome.test!.attacked!.rowsPerClass,
  );
  const digits = (x: number) => x.toFixed(3).replace(/^0/, "");
  const table = formatSweep(set);
  assert(table.includes(digits(byAttack.fgsm!.correct / ATTACKED)), table);
});
