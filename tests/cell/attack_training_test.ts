import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseAttack } from "../../src/attacks/parse_attack.ts";
import { openBackend } from "../../src/backend/open_backend.ts";
import { cellCost } from "../../src/cell/cell_cost.ts";
import { evaluate } from "../../src/cell/evaluate.ts";
import { runCell } from "../../src/cell/run_cell.ts";
import { formatSweep } from "../../src/cli/sweep_table.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { cellTable } from "../../src/export/result_table.ts";
import {
  digestResultSet,
  type FinishedCell,
  resultSetSchema,
} from "../../src/results/result_set.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { checkResultSet } from "../../src/results/check_result_set.ts";
import { compareWithin } from "../../src/verify/compare_within.ts";

const limits = { limitTrain: 60, limitTest: 40 };
const dataset = await loadDataset("cifar10-mini", limits);
const attacks = ["pgd-2", "apgd-ce-2"];

const parse = (fields: Partial<StudyInput> = {}) =>
  parseStudy({
    name: "attack-training",
    ...limits,
    policy: ["concentrated"],
    multiplicity: 3,
    ratios: [0, 0.5],
    epochs: 3,
    batch: 10,
    optimizer: "adam",
    learningRate: 0.002,
    augment: "none",
    epsilon: 2 / 255,
    attacks,
    attackTraining: true,
    backend: "wasm",
    ...fields,
  });

Deno.test("wasm: runCell() counts attacked training images as one evaluation of each slot does", async () => {
  const backend = await openBackend("wasm");
  const [, cell] = planCells(parse(), "wasm");
  const expected: Record<string, number[]> = {};
  const { outcome } = await runCell(cell!, dataset, {
    backend,
    async onTrained(classifier, list) {
      for (const name of attacks) {
        const correctOf = async (attack?: ReturnType<typeof parseAttack>) =>
          (await evaluate(classifier, dataset, {
            backend,
            split: "train",
            // One by one, copies included: no row is shared.
            rows: list.rows,
            batch: 1,
            seed: cell!.config.seed,
            attack,
          })).correct;
        const [clean, attacked] = [
          await correctOf(),
          await correctOf(parseAttack(name, cell!.config.evaluation)),
        ];
        const onlyRight = name.startsWith("apgd");
        const robust = attacked.map((right, i) =>
          right && (!onlyRight || clean[i])
        );
        const count = (from: number, to?: number) =>
          robust.slice(from, to).filter(Boolean).length;
        expected[name] = [count(0, list.originals), count(list.originals)];
      }
    },
  });
  const { unique, copies, byAttack } = outcome.train!;
  assertEquals([unique.rows, copies.rows], [60, 30]);
  for (const name of attacks) {
    const score = byAttack![name]!;
    assertEquals(
      [score.unique.correct, score.copies.correct],
      expected[name],
      name,
    );
    assertEquals([score.unique.rows, score.copies.rows], [60, 30]);
    assert(score.unique.correct < unique.correct, name);
    assert(score.maxPerturbation <= 2 / 255 + 1e-6);
  }
});

Deno.test("wasm: attackTraining changes nothing else of an outcome", async () => {
  const backend = await openBackend("wasm");
  const run = async (fields: Partial<StudyInput>) =>
    (await runCell(planCells(parse(fields), "wasm")[1]!, dataset, { backend }))
      .outcome;
  const { train, ...attacked } = await run({});
  const { train: plainTrain, ...plain } = await run({ attackTraining: false });
  const { byAttack, ...clean } = train!;
  assertEquals(Object.keys(byAttack!), attacks);
  assertEquals<unknown>({ ...attacked, train: clean }, {
    ...plain,
    train: plainTrain,
  });
});

Deno.test("a study without attackTraining plans the cells that it did before", () => {
  const ids = (fields: Partial<StudyInput>) =>
    planCells(parse(fields), "wasm").map(({ id }) => id);
  assertEquals(
    ids({ attackTraining: false }),
    ids({ attackTraining: undefined }),
  );
  assert(ids({})[0] !== ids({ attackTraining: undefined })[0]);
  assertThrows(
    () => parse({ attacks: [] }),
    Error,
    "has no effect without attacks",
  );
});

Deno.test("published-adversarial attacks the training images, as the notebook does", () => {
  for (const name of ["published-adversarial", "published-adversarial-mini"]) {
    assertEquals(namedStudies[name]!.attackTraining, true, name);
  }
});

Deno.test("cellCost() counts attacks on training images, near copies each", () => {
  const rows = { train: 60, slots: 90, test: 40 };
  const total = (fields: Partial<StudyInput>) =>
    cellCost(
      planCells(parse({ attacks: ["pgd-2"], ...fields }), "wasm")[1]!.config,
      rows,
    ).total;
  // Two steps and one classification of each image.
  assertEquals(total({}), total({ attackTraining: false }) + 60 * 3);
  assertEquals(
    total({ copies: ["near"] }),
    total({ copies: ["near"], attackTraining: false }) + 90 * 3,
  );
});

Deno.test("wasm: a sweep with attackTraining is shown, exported, read and checked", async () => {
  const { set } = await runSweep(parse()) as Extract<
    Awaited<ReturnType<typeof runSweep>>,
    { status: "complete" | "failed" }
  >;
  assertEquals(checkResultSet(set).faults, []);
  assertEquals(resultSetSchema.parse(JSON.parse(JSON.stringify(set))), set);

  const [heading, , first, second] = formatSweep(set).split("\n");
  const words = heading!.trim().split(/ {2,}/);
  const at = (line: string, name: string) =>
    line.trim().split(/ {2,}/)[words.indexOf(name)];
  const { train } = (set.cells[1] as FinishedCell).outcome;
  const { unique, copies } = train!.byAttack!["pgd-2"]!;
  const digits = (x: number) => x.toFixed(3).replace(/^0/, "");
  assertEquals(
    at(second!, "originals pgd-2"),
    digits(unique.correct / unique.rows),
  );
  assertEquals(
    at(second!, "copies pgd-2"),
    digits(copies.correct / copies.rows),
  );
  assertEquals(at(first!, "copies pgd-2"), "-");

  const { columns, rows } = cellTable(set);
  const valueOf = (name: string) =>
    rows[1]![columns.findIndex((column) => column.name === name)];
  assertEquals(valueOf("attack_training"), true);
  assertEquals(valueOf("pgd_2_train_unique_correct"), unique.correct);
  assertEquals(valueOf("pgd_2_train_copies_accuracy"), copies.correct / 30);
  assertEquals(
    valueOf("apgd_ce_2_train_max_perturbation"),
    train!.byAttack!["apgd-ce-2"]!.maxPerturbation,
  );
});

Deno.test("wasm: verification finds changed, missing and impossible counts of attacked training images", async () => {
  const { set } = await runSweep(
    parse({ ratios: [0.5], attacks: ["pgd-2"] }),
  ) as Extract<
    Awaited<ReturnType<typeof runSweep>>,
    { status: "complete" | "failed" }
  >;
  type Train = NonNullable<FinishedCell["outcome"]["train"]>;
  const edit = (change: (train: Train) => void) => {
    const edited = structuredClone(set);
    change((edited.cells[0] as FinishedCell).outcome.train!);
    edited.digest = digestResultSet(edited);
    return edited;
  };
  const faultOf = (change: (train: Train) => void) =>
    checkResultSet(edit(change)).faults.join();
  const id = set.cells[0]!.id;
  assertEquals(
    faultOf((train) => delete train.byAttack),
    `cell ${id}: outcome.train.byAttack: expected pgd-2, got none in the file`,
  );
  assertEquals(
    faultOf((train) => train.byAttack!["pgd-2"]!.copies.correct = 31),
    `cell ${id}: outcome.train.byAttack.pgd-2.copies.correct: expected at most 30, got 31 in the file`,
  );
  assertEquals(
    faultOf((train) => train.byAttack!["pgd-2"]!.unique.rows = 61),
    `cell ${id}: outcome.train.byAttack.pgd-2.unique.rows: expected 60, got 61 in the file`,
  );
  const cell = set.cells[0] as FinishedCell;
  const other = edit((train) => {
    const { unique } = train.byAttack!["pgd-2"]!;
    unique.correct += unique.correct < 30 ? 6 : -6;
  }).cells[0] as FinishedCell;
  assertEquals(compareWithin(cell, other, 0.11), null);
  assertEquals(
    compareWithin(cell, other, 0.09)?.field,
    "outcome.train.byAttack.pgd-2.unique.correct",
  );
});
