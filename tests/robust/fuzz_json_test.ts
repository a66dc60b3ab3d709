import { assert } from "@std/assert";
import fc from "fast-check";
import { readFlags } from "../../src/cli/read_flags.ts";
import { validateOptions } from "../../src/cli/validate.ts";
import { readStudy } from "../../src/cli/read_study.ts";
import { readComparable } from "../../src/compare/read_comparable.ts";
import { canonicalJson, digestOf, sha256 } from "../../src/core/digest.ts";
import { UsageError } from "../../src/core/errors.ts";
import type { GaussianResult } from "../../src/gaussian/gaussian_result.ts";
import { gaussianStudySchema } from "../../src/gaussian/gaussian_study.ts";
import { runGaussian } from "../../src/gaussian/run_gaussian.ts";
import { openJournal } from "../../src/results/journal.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
} from "../../src/results/safetensors.ts";
import { namedStudies } from "../../src/spec/named_studies.ts";
import { cellId } from "../../src/spec/cell_config.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { studySchema } from "../../src/spec/study.ts";
import { runMain } from "../cli/run_main.ts";
import { inTempDir } from "../data/_files.ts";
import { finishedCell, provenance } from "../results/finished_cell.ts";
import { fuzz } from "./_fuzz.ts";
import { byteEdits, jsonEdits } from "./_mutations.ts";
import { pathOfRecorded } from "../recorded_sets.ts";

const parse = (name: string) =>
  JSON.parse(
    Deno.readTextFileSync(pathOfRecorded(name)),
  );

/** Real files, of one seed and of two, and a small toy study. */
const few: ResultSet = parse("bench-wasm.json");
const quick: ResultSet = parse("quick-1e218e0d.json");
const toy = await runGaussian(gaussianStudySchema.parse({
  points: 8,
  heldOut: 8,
  balanced: [0, 4],
  biased: [0, 4],
  seeds: [1, 2],
}));

const encode = (text: string) => new TextEncoder().encode(text);

/** Writes a broken file and reads it by its path. */
function fromFile(
  content: string | Uint8Array,
  read: (path: string) => unknown,
): Promise<void> {
  return inTempDir(async (dir) => {
    const path = `${dir}/broken.json`;
    const bytes = typeof content === "string" ? encode(content) : content;
    Deno.writeFileSync(path, bytes);
    await read(path);
  });
}

/** Gives a changed set the ids and digest of its content. */
const seal = (set: ResultSet) => {
  const cells = set.cells.map((cell) => ({ ...cell, id: cellId(cell.config) }));
  return { ...set, cells, digest: digestResultSet({ ...set, cells }) };
};

const readers: [name: string, value: unknown, (path: string) => unknown][] = [
  ["readResultSet()", few, readResultSet],
  ["readComparable()", few, readComparable],
  ["readComparable() for benches", benches(), readComparable],
  [
    "readStudy()",
    namedStudies["corrected-adversarial"],
    async (path) =>
      planCells(await readStudy(path, {}, { path: (p) => p }), "wasm"),
  ],
];
for (const [name, value, read] of readers) {
  fuzz(`${name} takes or refuses JSON with anything in it changed`, {
    runs: 300,
    input: jsonEdits,
    names: "broken.json",
    read: (change) => fromFile(change(value), read),
  });
  fuzz(`${name} takes or refuses JSON with any bytes changed`, {
    runs: 100,
    input: byteEdits,
    names: "broken.json",
    read: (damage) =>
      fromFile(damage(encode(JSON.stringify(value, null, 2))), read),
  });
}

/** A small example of what `deno bench --json` prints. */
function benches() {
  const times = { n: 10, min: 1, max: 9, avg: 4, p75: 5, p99: 9, p995: 9 };
  return {
    version: 1,
    runtime: "Deno/2.9.6",
    cpu: "a CPU",
    benches: ["a", "b"].map((name) => ({
      origin: "file:///x.ts",
      group: "g",
      name,
      baseline: name === "a",
      results: [{
        ok: { ...times, highPrecision: true, usedExplicitTimers: false },
      }],
    })),
  };
}

const header = {
  study: "s",
  dataset: "d",
  backend: "wasm",
  versions: { dupbench: "0" },
};
const { finishedAt, ...recordedRun } = provenance;
/** With a cell as older versions wrote it, and two of a run. */
const journal = [
  header,
  finishedCell(1),
  { cell: finishedCell(2), finishedAt, run: recordedRun },
  { cell: finishedCell(3), finishedAt },
];
const sealLine = (text: string) => {
  let canonical = text;
  try {
    canonical = canonicalJson(JSON.parse(text));
  } catch {
    // A line that cannot be sealed is corrupt, which is a case as well.
  }
  return `{"record":${text},"sha256":"${sha256(canonical)}"}`;
};

fuzz(
  "openJournal() takes or refuses a journal with anything changed and sealed",
  {
    runs: 300,
    input: fc.record({ line: fc.nat({ max: 2 }), change: jsonEdits }),
    names: "broken.json",
    read: ({ line, change }) =>
      fromFile(
        journal.map((record, i) =>
          sealLine(i === line ? change(record) : JSON.stringify(record)) + "\n"
        ).join(""),
        async (path) => (await openJournal(path, header)).close(),
      ),
  },
);

fuzz("openJournal() takes or refuses a journal with any bytes changed", {
  runs: 200,
  input: byteEdits,
  names: "broken.json",
  read: (damage) =>
    fromFile(
      damage(encode(
        journal.map((record) => sealLine(JSON.stringify(record)) + "\n")
          .join(""),
      )),
      async (path) => (await openJournal(path, header)).close(),
    ),
});

const tensors = encodeSafetensors([
  { name: "a", shape: [2, 3], data: new Float32Array(6) },
  { name: "b", shape: [4], data: new Float32Array(4) },
], { cell: "x" });
const headBytes = Number(new DataView(tensors.buffer).getBigUint64(0, true));

fuzz("decodeSafetensors() takes or refuses any bytes changed", {
  runs: 500,
  input: byteEdits,
  refusal: SyntaxError,
  names: "Safetensors",
  read: (damage) => decodeSafetensors(damage(tensors)),
});

fuzz("decodeSafetensors() takes or refuses a header with anything changed", {
  runs: 300,
  input: jsonEdits,
  refusal: SyntaxError,
  names: "Safetensors",
  read(change) {
    const head = encode(
      change(
        JSON.parse(
          new TextDecoder().decode(tensors.subarray(8, 8 + headBytes)),
        ),
      ),
    );
    const data = tensors.subarray(8 + headBytes);
    const file = new Uint8Array(8 + head.length + data.length);
    new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
    file.set(head, 8);
    file.set(data, 8 + head.length);
    decodeSafetensors(file);
  },
});

const word = fc.oneof(
  fc.constantFrom("--ratios", "--seeds=", "--no-quiet", "--jobs", "-o", "--"),
  fc.constantFrom("1/0", "-1", "1e999", "NaN", "8/255", "=", "0x10", ",,,"),
  fc.string({ unit: "binary", maxLength: 20 }).map((s) => `--${s}`),
  fc.string({ unit: "binary", maxLength: 20 }),
);
fuzz("readFlags() takes or refuses any words", {
  runs: 500,
  input: fc.array(word, { maxLength: 6 }),
  read: (words) =>
    validateOptions({ options: studySchema }, readFlags(studySchema, words)),
});

/** Runs a command in this process; what it prints is judged, not shown. */
async function run(args: string[]): Promise<void> {
  const { code, stdout, stderr } = await runMain(args);
  assert([0, 1, 2].includes(code));
  assert(!/^ +at /m.test(stderr), `a stack trace: ${stderr}`);
  if (code === 2) throw new UsageError(stderr.trimEnd());
  // What verify finds wrong in a file is no mistake of the call, but a line.
  const [wrong, ...faults] = stdout.trimEnd().split("\n");
  if (wrong?.startsWith("wrong")) {
    const longest = Math.max(...faults.map(({ length }) => length));
    throw new UsageError(
      faults.find((line) => line.length === longest) ?? wrong,
    );
  }
}

/** Commands, a whole file for each, more words, and how its output is named. */
const commands: [name: string, value: unknown, string[], out?: string][] = [
  ["analyse", quick, [], "-out"],
  ["compare", few, ["results/bench-wasm.json", "--common"], "-out"],
  ["compare", few, ["results/bench-wasm.json"], "-out"],
  ["merge", few, [], "-out.json"],
  ["verify", few, ["--cells=0"]],
];
for (const [name, value, more, out] of commands) {
  const call = [name, ...more].join(" ");
  const callOn = (text: string) =>
    fromFile(text, (path) => {
      const output = out === undefined ? [] : [`--out=${path}${out}`];
      return run([name, path, ...more, ...output]);
    });
  fuzz(
    `"${call}" ends with one line, not a stack trace, whatever a sealed file holds`,
    {
      runs: name === "analyse" ? 40 : 80,
      input: jsonEdits,
      // It takes the whole file, and by that loads what it needs.
      prepare: () => callOn(JSON.stringify(value)),
      read: (change) => callOn(change(value, seal)),
    },
  );
}

fuzz(
  '"verify" ends with one line, not a stack trace, whatever a sealed toy study holds',
  {
    runs: 20,
    input: jsonEdits,
    read: (change) =>
      fromFile(
        change(
          toy,
          ({ schema, study, runs }: GaussianResult) => ({
            schema,
            study,
            runs,
            digest: digestOf({ schema, study, runs }),
          }),
        ),
        (path) => run(["verify", path]),
      ),
  },
);
