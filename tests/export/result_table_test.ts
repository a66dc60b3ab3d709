import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { tableFromIPC } from "apache-arrow";
import { readParquet } from "parquet-wasm/node";
import { snakeCase, type Value } from "../../src/export/column.ts";
import {
  cellTable,
  classTable,
  type ResultTable,
} from "../../src/export/result_table.ts";
import { tableCsv } from "../../src/export/table_csv.ts";
import { tableParquet } from "../../src/export/table_parquet.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { readingConfig, readingFieldNames } from "../../src/spec/reading.ts";
import { studySchema } from "../../src/spec/study.ts";
import { quick, troubled } from "./_sets.ts";

/** The values of a column, by name. */
function valuesOf({ columns, rows }: ResultTable, name: string): Value[] {
  const j = columns.findIndex((column) => column.name === name);
  assertEquals(j >= 0, true, name);
  return rows.map((row) => row[j]!);
}

Deno.test("cellTable() has each cell's counts, and rates that are their quotients", async () => {
  const set = await readResultSet(quick);
  const table = cellTable(set);
  assertEquals(table.rows.length, set.cells.length);
  set.cells.forEach((cell, i) => {
    if (cell.status === "failed") throw new Error("quick has no failed cell");
    const { clean, byAttack, rows } = cell.outcome.test!;
    const at = (name: string) => valuesOf(table, name)[i];
    assertEquals(at("cell"), cell.id);
    assertEquals(at("clean_correct"), clean.correct);
    assertEquals(at("clean_accuracy"), clean.correct / rows);
    assertEquals(at("pgd_10_correct"), byAttack["pgd-10"]!.correct);
    assertEquals(at("fgsm_accuracy"), byAttack["fgsm"]!.correct / rows);
    assertEquals(at("train_ms"), cell.timing.trainMs);
    // Worst case by another way: bitwise and of the hexadecimal digits.
    const worst = [byAttack["fgsm"]!, byAttack["pgd-10"]!].reduce(
      (all, { bits }) => all & BigInt(`0x${bits}`),
      BigInt(`0x${clean.bits}`),
    );
    assertEquals(
      at("worst_case_correct"),
      worst.toString(2).replaceAll("0", "").length,
    );
  });
});

Deno.test("cellTable() has unique names that R and pandas take, and values of the stated types", async () => {
  for (
    const table of [cellTable(await troubled()), classTable(await troubled())]
  ) {
    const names = table.columns.map(({ name }) => name);
    assertEquals(new Set(names).size, names.length);
    for (const name of names) assertMatch(name, /^[a-z][a-z0-9_]*$/);
    const types = {
      BOOLEAN: "boolean",
      INT64: "number",
      DOUBLE: "number",
      STRING: "string",
    };
    for (const row of table.rows) {
      assertEquals(row.length, table.columns.length);
      row.forEach((value, j) => {
        const { type, name } = table.columns[j]!;
        if (value === null) return;
        assertEquals(typeof value, types[type], name);
        if (type === "INT64") assertEquals(Number.isSafeInteger(value), true);
      });
    }
  }
});

Deno.test("cellTable() tells apart every two cells by the columns of their configs", async () => {
  // A study with every axis, and sets that differ in what is no axis.
  const set = await readResultSet(quick);
  const study = (more: object) =>
    studySchema.parse({
      name: "axes",
      model: ["published-standard", "published-adversarial"],
      training: ["standard", "adversarial"],
      policy: ["uniform", "class-biased", "single-class", "concentrated"],
      class: 1,
      ratios: [0, 0.5],
      mode: ["add", "replace"],
      standIn: ["copies", "weights", "fresh"],
      budget: ["steps", "epochs"],
      copies: ["exact", "near"],
      conflict: [0, 0.5],
      dedup: ["none", "exact", "near"],
      seeds: [1, 2],
      ...more,
    });
  const cells = [
    {},
    { class: 2 },
    { classWeights: [1, 2] },
    { multiplicity: 3 },
    { nearKinds: ["shift"] },
    { plans: "anew" },
    { epochs: 3 },
    { batch: 7 },
    { limitTrain: 9 },
    { drawTrain: [7, "all"] },
    { limitTest: 9 },
    { schedule: "step" },
    { schedule: "step", scheduleEvery: 4 },
    { schedule: "step", scheduleGamma: 0.3 },
    { schedule: "cosine", scheduleWarmup: 0.1 },
    { schedule: "one-cycle" },
    { schedule: "one-cycle", scheduleStart: 0.3 },
    { schedule: "one-cycle", scheduleEnd: 0 },
    { optimizer: "sgd" },
    { momentum: 0.5 },
    { nesterov: true },
    { decayOn: "weights" },
    { biasRate: 64 },
    { labelSmoothing: 0.2 },
    { optimizer: "adamw" },
    { learningRate: 0.5 },
    { weightDecay: 0.25 },
    { augment: "none" },
    { augment: "crop-flip" },
    { augment: "crop-flip", cropPadding: 2 },
    { augment: "crop-flip", border: "reflect" },
    { augment: "crop-flip", flip: "alternating" },
    { augment: "crop-flip", cutout: 8 },
    { augmentCopies: "same" },
    { epsilon: 0.2 },
    { alpha: 0.2 },
    { trainSteps: 2 },
    { randomStart: false },
    { attackLowest: 0.5 },
    { testAugment: true },
    { testFlip: true },
    { testRandomStart: false },
    { attacks: ["fgsm"] },
    { dataset: "cifar10" },
  ].flatMap((more) => planCells(study(more), "wasm"));
  const distinct = [...new Map(cells.map((cell) => [cell.id, cell])).values()];
  const table = cellTable({
    ...set,
    cells: distinct.map(({ id, config }) => ({
      id,
      config,
      status: "failed",
      error: "not run",
    })),
  });
  assertEquals(distinct.length > 10_000, true, `${distinct.length}`);
  const id = table.columns.findIndex(({ name }) => name === "cell");
  const rows = table.rows.map((row) => JSON.stringify(row.toSpliced(id, 1)));
  assertEquals(new Set(rows).size, distinct.length);
});

Deno.test("classTable() adds up to the counts of each evaluation", async () => {
  const set = await readResultSet(quick);
  const table = classTable(set);
  // Clean, under two attacks, under the worse of them; ten classes.
  assertEquals(table.rows.length, set.cells.length * 4 * 10);
  const cells = valuesOf(table, "cell");
  const evaluations = valuesOf(table, "evaluation");
  const correct = valuesOf(table, "correct") as number[];
  const sum = (cell: string, evaluation: string) =>
    correct.filter((_, i) => cells[i] === cell && evaluations[i] === evaluation)
      .reduce((a, b) => a + b);
  for (const cell of set.cells) {
    if (cell.status === "failed") throw new Error("quick has no failed cell");
    const { clean, byAttack, worstCase } = cell.outcome.test!;
    assertEquals(sum(cell.id, "clean"), clean.correct);
    assertEquals(sum(cell.id, "worst-case"), worstCase!.correct);
    assertEquals(sum(cell.id, "pgd-10"), byAttack["pgd-10"]!.correct);
  }
});

Deno.test("cellTable() keeps failed and diverged cells, with nothing where there is nothing", async () => {
  const table = cellTable(await troubled());
  assertEquals(valuesOf(table, "status").slice(0, 2), ["failed", "finished"]);
  assertEquals(valuesOf(table, "originals").slice(0, 2), [null, 2000]);
  assertEquals(valuesOf(table, "clean_accuracy").slice(0, 2), [null, null]);
  assertEquals(valuesOf(table, "worst_case_correct").slice(0, 2), [null, null]);
  assertEquals(valuesOf(table, "diverged_at").slice(0, 3), [null, 2, null]);
  assertEquals(valuesOf(table, "flags")[2], "zero-gradient@fgsm");
});

Deno.test("cellTable() says how the images of a folder were read where a config does not", async () => {
  const { columns } = cellTable(await troubled());
  for (const name of readingFieldNames) {
    const column = columns.find((one) =>
      one.name === `reading_${snakeCase(name)}`
    );
    const [, value] = /; null: (.*), or the data set is no folder$/.exec(
      column!.description,
    )!;
    // It is what a config leaves out, and nothing else is.
    assertEquals(readingConfig({ [name]: value }), undefined, name);
    assertEquals(/default/.test(column!.description), false);
  }
  const { description } = columns.find(({ name }) =>
    name === "reading_image_size"
  )!;
  assertMatch(description, /; null: 32, or/, "not that of new studies");
  assertEquals(readingConfig({ imageSize: "common" }), { imageSize: "common" });
});

Deno.test("cellTable() gives the median time of whole epochs, not of one that diverged", async () => {
  const set = await troubled();
  const [whole, diverged] = [set.cells[2]!, set.cells[1]!];
  assert(whole.status === "finished" && diverged.status === "finished");
  const timed = ({ timing, ...cell }: typeof whole, times: number[]) => ({
    ...cell,
    timing: {
      ...timing,
      epochs: times.map((totalMs) => ({ ...timing.epochs[0]!, totalMs })),
    },
  });
  const after = (epochs: number) => ({
    ...diverged,
    outcome: {
      ...diverged.outcome,
      epochs: diverged.outcome.epochs.slice(0, epochs),
      divergedAtEpoch: epochs,
    },
  });
  const [first] = whole.timing.epochs;
  const cells = [
    timed(whole, [90, 10, 20, 30]),
    // Two whole epochs, one whole epoch, none.
    timed(after(2), [90, 10, 1]),
    timed(after(1), [90, 1]),
    timed(after(0), [1]),
  ];
  assert(first !== undefined);
  assertEquals(valuesOf(cellTable({ ...set, cells }), "epoch_ms"), [
    20,
    10,
    null,
    null,
  ]);
});

const odd: ResultTable = {
  columns: [
    { name: "text", type: "STRING", description: "" },
    { name: "count", type: "INT64", description: "" },
    { name: "rate", type: "DOUBLE", description: "" },
    { name: "yes", type: "BOOLEAN", description: "" },
  ],
  rows: [
    ['a "b", c\nd', -1, 1e-7, true],
    ["=1+1", 2 ** 53 - 1, -0.1, false],
    ["+1", null, null, null],
    ["-1", 0, 0, true],
    ["@x", 0, 0, true],
    ["\t=1", 0, 0, true],
    [null, 0, 0, true],
    ["a=1", 0, 0, true],
  ],
};

Deno.test("tableCsv() follows RFC 4180 and defuses formulas in text, never in numbers", () => {
  assertEquals(
    tableCsv(odd),
    [
      "text,count,rate,yes",
      '"a ""b"", c\nd",-1,1e-7,true',
      "'=1+1,9007199254740991,-0.1,false",
      "'+1,,,",
      "'-1,0,0,true",
      "'@x,0,0,true",
      "'\t=1,0,0,true",
      ",0,0,true",
      "a=1,0,0,true",
      "",
    ].join("\r\n"),
  );
});

Deno.test("tableCsv() reads back as it was with Python's csv module", {
  ignore: !hasPython(),
}, async () => {
  const table = cellTable(await troubled());
  const { rows, names } = await python(tableCsv(table));
  assertEquals(names, table.columns.map(({ name }) => name));
  assertEquals(
    rows,
    table.rows.map((row) =>
      row.map((value) =>
        typeof value === "string" && value.startsWith("=")
          ? `'${value}`
          : String(value ?? "")
      )
    ),
  );
});

/** By `-c`, as what is not there cannot be spawned. */
function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["-c", ""] }).outputSync()
      .success;
  } catch {
    console.log("no python3: its csv module is not asked");
    return false;
  }
}

async function python(csv: string) {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, csv);
    const program = `import csv, json, sys
lines = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
print(json.dumps({"names": lines[0], "rows": lines[1:]}))`;
    const { stdout } = await new Deno.Command("python3", {
      args: ["-c", program, path],
    }).output();
    return JSON.parse(new TextDecoder().decode(stdout)) as {
      names: string[];
      rows: string[][];
    };
  } finally {
    await Deno.remove(path);
  }
}

/** Reads Parquet with Apache Arrow's Rust implementation. */
function readArrow(bytes: Uint8Array) {
  const table = tableFromIPC(readParquet(bytes).intoIPCStream());
  return {
    fields: table.schema.fields.map(({ name, type, nullable }) => ({
      name,
      type: String(type),
      nullable,
    })),
    metadata: table.schema.metadata,
    rows: Array.from(
      { length: table.numRows },
      (_, i) =>
        table.schema.fields.map((_, j): Value => {
          const value = table.getChildAt(j)!.get(i);
          return typeof value === "bigint" ? Number(value) : value;
        }),
    ),
  };
}

Deno.test("tableParquet() reads back as it was with Arrow's Rust implementation", async () => {
  const set = await troubled();
  const types = {
    BOOLEAN: "Bool",
    INT64: "Int64",
    DOUBLE: "Float64",
    STRING: "Utf8",
  };
  for (const table of [odd, cellTable(set), classTable(set)]) {
    const bytes = tableParquet(table, { "dupbench.digest": set.digest });
    const read = readArrow(bytes);
    assertEquals(
      read.fields,
      table.columns.map(({ name, type }) => ({
        name,
        type: types[type],
        nullable: true,
      })),
    );
    assertEquals(read.rows, table.rows.map((row) => [...row]));
    assertEquals(read.metadata.get("dupbench.digest"), set.digest);
    assertEquals(bytes, tableParquet(table, { "dupbench.digest": set.digest }));
  }
});

Deno.test("tableParquet() refuses no rows, as what the library writes then is readable by itself alone", () => {
  assertThrows(() => tableParquet({ ...odd, rows: [] }, {}), RangeError, "row");
});
