import { assert, assertEquals } from "@std/assert";
import { formatSweep } from "../../src/cli/sweep_table.ts";
import { checkResultSet } from "../../src/results/check_result_set.ts";
import { cellTable } from "../../src/export/result_table.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
  resultSetSchema,
} from "../../src/results/result_set.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { verifyResultSet } from "../../src/verify/verify_result_set.ts";

/**
 * Runs a tiny study in this process and in two workers, and checks what both
 * recorded as anyone can: by reading, checking and running cells again.
 */
async function sweepTwice(
  fields: Partial<StudyInput>,
): Promise<{ set: ResultSet; cells: FinishedCell[]; table: string }> {
  const study = parseStudy({
    name: "arms",
    limitTrain: 60,
    limitTest: 20,
    ratios: [0, 1],
    seeds: [0, 1],
    epochs: 2,
    batch: 16,
    attacks: ["fgsm"],
    backend: "wasm",
    ...fields,
  });
  const [one, two] = [
    await runSweep(study, { jobs: 1 }),
    await runSweep(study, { jobs: 2 }),
  ];
  assert(one.status === "complete" && two.status === "complete");
  const { set } = one;
  assertEquals(two.set.digest, set.digest);
  assertEquals(resultSetSchema.parse(JSON.parse(JSON.stringify(set))), set);
  assertEquals(checkResultSet(set), { faults: [], notes: [] });
  const verified = await verifyResultSet(set, { cells: 2, seed: 1 });
  assertEquals(verified.faults, []);
  const cells = set.cells.map((cell) => {
    assert(cell.status === "finished");
    return cell;
  });
  return { set, cells, table: formatSweep(set) };
}

Deno.test("wasm: a sweep of conflicting labels repeats with 1 and 2 jobs, and verifies", async () => {
  const { set, cells, table } = await sweepTwice({
    standIn: ["copies", "prior-restored"],
    conflict: [0, 0.5],
    // Of a hundred copies exactly half.
    limitTrain: 100,
    seeds: [1],
  });
  assertEquals(
    cells.map(({ config, duplication }) => [
      config.duplication.conflict,
      duplication.conflicting?.copies,
    ]),
    [[undefined, undefined], [undefined, undefined], [0.5, 50], [
      undefined,
      undefined,
    ], [0.5, 50]],
  );
  assert(table.split("\n")[0]!.includes("conflict"), table);
  const { columns, rows } = cellTable(set);
  const valuesOf = (name: string) =>
    rows.map((row) => row[columns.findIndex((one) => one.name === name)]);
  assertEquals(valuesOf("conflict"), [0, 0, 0.5, 0, 0.5]);
  assertEquals(valuesOf("conflicting_copies"), [null, null, 50, null, 50]);

  const edited = structuredClone(set);
  (edited.cells[2] as FinishedCell).duplication.conflicting!.copies = 49;
  edited.digest = digestResultSet(edited);
  const { faults } = await verifyResultSet(edited, { cells: 1, seed: 1 });
  assertEquals(faults, [
    `cell ${
      set.cells[2]!.id
    }: duplication.conflicting.copies: expected 50 by its plan, got 49 in the file`,
  ]);
});

Deno.test("wasm: a sweep of multiplicities repeats with 1 and 2 jobs, and verifies", async () => {
  const { cells, table } = await sweepTwice({
    policy: ["uniform", "concentrated"],
    multiplicity: [2, 10],
    seeds: [1],
  });
  assertEquals(
    cells.map(({ config, duplication }) => [
      config.duplication.multiplicity,
      duplication.copies,
      duplication.distinctCopied,
    ]),
    [[undefined, 0, 0], [undefined, 60, 60], [2, 60, 30], [10, 60, 6]],
  );
  // A fixed share of the training steps, whatever the multiplicity.
  assertEquals(
    new Set(cells.flatMap(({ outcome }) => outcome.epochs.map((e) => e.steps)))
      .size <= 2,
    true,
  );
  const column = table.split("\n")[0]!.trim().split(/ {2,}/)
    .indexOf("multiplicity");
  assertEquals(
    table.split("\n").slice(2, 6).map((line) =>
      line.trim().split(/ {2,}/)[column]
    ),
    ["-", "-", "2", "10"],
  );
});

Deno.test("wasm: a sweep of drawn training sets repeats with 1 and 2 jobs, and verifies", async () => {
  const { set, cells, table } = await sweepTwice({
    drawTrain: [20, "all"],
    standIn: ["copies", "fresh"],
    ratios: [0, 1],
    epochs: 1,
  });
  assertEquals(
    cells.map(({ config, duplication }) => [
      config.drawTrain ?? "all",
      config.seed,
      duplication.originals,
      duplication.copies,
    ]),
    ([[20, 20], ["all", 60]] as const).flatMap(([value, images]) =>
      [0, images, images].flatMap((copies) =>
        [0, 1].map((seed) => [value, seed, images, copies])
      )
    ),
  );
  assert(/drawn/.test(table) && / all /.test(table), table);
  const { columns, rows } = cellTable(set);
  const at = columns.findIndex(({ name }) => name === "draw_train");
  assertEquals(
    rows.map((row) => row[at]),
    [...new Array(6).fill(20), ...new Array(6).fill(null)],
  );
});

Deno.test("wasm: a sweep of plans drawn anew repeats with 1 and 2 jobs, and verifies", async () => {
  const fields = { seeds: [1], ratios: [0, 0.5, 1], epochs: 1 };
  const { set, cells } = await sweepTwice({ ...fields, plans: "anew" });
  assertEquals(
    cells.map(({ config }) => config.duplication.plans),
    [undefined, "anew", "anew"],
  );
  const nested = await sweepTwice(fields);
  assertEquals(cells[0], { ...nested.cells[0]!, timing: cells[0]!.timing });
  cells.slice(1).forEach(({ duplication }, i) => {
    const other = nested.cells[i + 1]!.duplication;
    assertEquals(duplication.copies, other.copies);
    assert(duplication.planSha256 !== other.planSha256);
  });
  const { columns, rows } = cellTable(set);
  const at = columns.findIndex(({ name }) => name === "plans");
  assertEquals(rows.map((row) => row[at]), ["nested", "anew", "anew"]);
});

Deno.test("wasm: a sweep of prior-restored repeats with 1 and 2 jobs, and verifies", async () => {
  const { cells, table } = await sweepTwice({
    policy: ["class-biased"],
    standIn: ["copies", "prior-restored"],
  });
  assertEquals(
    cells.map(({ config: { duplication } }) => duplication.standIn),
    [
      undefined,
      undefined,
      undefined,
      undefined,
      "prior-restored",
      "prior-restored",
    ],
  );
  assert(table.includes("prior-restored"), table);
});
