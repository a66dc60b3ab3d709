/**
 * Files that are large for their reader: those of strangers are refused in a line
 * within 10 s and 1 GiB, an honest set of 50,000 cells is read. They are generated,
 * as the largest has 250 MB.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { formatResultSet } from "../../src/results/format_result_set.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type FinishedCell,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { planCells } from "../../src/spec/plan_cells.ts";
import { measure, type MeasuredCommand } from "../cli/_measured.ts";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";

const limits = { seconds: 10, bytes: 2 ** 30 };

const soundPath = fromFileUrl(
  new URL("../../fixtures/hostile/cmd-eval.json", import.meta.url),
);

async function sound(): Promise<ResultSet> {
  return await readResultSet(soundPath);
}

/** A sound set, edited and sealed again. */
async function forge(
  // deno-lint-ignore no-explicit-any
  edit: (set: any) => void,
): Promise<string> {
  const set = await sound();
  edit(set);
  set.digest = digestResultSet(set);
  return JSON.stringify(set);
}

const zeros = (count: number) => Array<number>(count).fill(0);

/** The most bytes that are read, of one short text over and over. */
function* repeat(head: string, text: string, bytes: number) {
  yield head;
  const chunk = text.repeat(1 + Math.floor(2 ** 20 / text.length));
  for (let at = head.length; at < bytes; at += chunk.length) yield chunk;
}

const large: Record<
  string,
  [content: () => Promise<string> | Iterable<string>, message: RegExp]
> = {
  "250 MB of empty lists": [
    () => repeat("[", "[],", 250e6),
    /more than 100,000 entries in one list or object/,
  ],
  "250 MB of empty lists in lists of 100,000": [
    () => repeat("[", `[${"[],".repeat(99_998)}[]],`, 250e6),
    /more than 4,000,000 lists and objects/,
  ],
  "250 MB of numbers where cells are expected": [
    () =>
      repeat(
        '{"schema":"dupbench/result-set/1","cells":[',
        `[${"0,".repeat(99_998)}0],`,
        250e6,
      ),
    /more than 20,000,000 values/,
  ],
  "4,000,000 wrong cells": [
    async () => {
      const { cells: _, ...rest } = await sound();
      const head = JSON.stringify(rest).slice(0, -1);
      return `${head},"cells":[${
        Array(39).fill(`[${"{},".repeat(99_998)}{}]`).join(",")
      }]}`;
    },
    /"cells\.0": /,
  ],
  "500,000 entries of a flag list": [
    () =>
      forge(({ cells }) =>
        cells[0].outcome.flags = Array(500_000).fill({
          flag: "zero-gradient",
          where: "x",
          value: 1,
        })
      ),
    /more than 100,000 entries in one list or object/,
  ],
  "500,000 epochs": [
    () =>
      forge(({ cells }) =>
        cells[0].outcome.epochs = Array(500_000).fill({
          loss: 1,
          images: 1,
          steps: 1,
        })
      ),
    /more than 100,000 entries in one list or object/,
  ],
  "20,000 classes": [
    () =>
      forge(({ dataset, cells }) => {
        dataset.trainPerClass = zeros(20_000);
        dataset.testPerClass = zeros(20_000);
        for (const { duplication, outcome } of cells) {
          duplication.copiesPerClass = zeros(20_000);
          outcome.test.rowsPerClass = zeros(20_000);
          for (
            const score of [
              outcome.test.clean,
              ...Object.values(outcome.test.byAttack),
            ] as { correctPerClass: number[] }[]
          ) score.correctPerClass = zeros(20_000);
        }
      }),
    /"dataset\.trainPerClass": /,
  ],
};

function requireCheap(
  { cpu, bytes }: MeasuredCommand,
  what: string,
): void {
  assert(cpu < limits.seconds, `${what}: ${cpu} s`);
  assert(bytes < limits.bytes, `${what}: ${bytes / 2 ** 20} MiB`);
}

for (const [name, [content, message]] of Object.entries(large)) {
  slowTest(
    `${name} are refused in one line within 10 s and 1 GiB`,
    () =>
      inFolder(async (folder) => {
        const path = `${folder}/a.json`;
        const made = await content();
        const file = await Deno.open(path, { write: true, create: true });
        for (const chunk of typeof made === "string" ? [made] : made) {
          const bytes = new TextEncoder().encode(chunk);
          for (let at = 0; at < bytes.length;) {
            at += await file.write(bytes.subarray(at));
          }
        }
        file.close();
        const commands = [
          ["verify", path, "--cells", "0"],
          ["report", path, "-o", "r", "--no-examples"],
          ["analyse", path, "-o", "analysis"],
          ["export", path, "--format", "csv", "-o", "a.csv"],
          ["compare", path, path, "-o", "c"],
          ["merge", path, "-o", "m.json"],
          ["sweep", "--study", path, "-o", "s.json"],
        ];
        // One process each, so that what one leaves in memory is not counted twice.
        for (const args of commands) {
          const [ended] = await measure([args], folder);
          const { code, stdout, stderr } = ended!;
          assertEquals(code, args[0] === "verify" ? code : 2, args[0]);
          assert(code === 1 || code === 2);
          const printed = (stdout + stderr).trim().split("\n");
          assert(printed.length <= 2, stdout + stderr);
          if (args[0] !== "sweep") assertMatch(stdout + stderr, message);
          requireCheap(ended!, `${name}: ${args[0]}`);
        }
      }),
  );
}

slowTest(
  "an honest set of 50,000 cells is read and exported",
  () =>
    inFolder(async (folder) => {
      const set = await sound();
      const study = {
        ...set.study,
        name: "large",
        ratios: Array.from({ length: 50 }, (_, i) => i / 10),
        seeds: Array.from({ length: 1000 }, (_, seed) => seed),
      };
      const [without, , , copied] = set.cells as FinishedCell[];
      const cells = planCells(study, "wasm").map(({ id, config }) => ({
        ...(config.duplication.ratio === 0 ? without! : copied!),
        id,
        config,
      }));
      assertEquals(cells.length, 50_000);
      const whole: ResultSet = { ...set, study, cells };
      whole.digest = digestResultSet(whole);
      const text = formatResultSet(whole);
      console.log(`${(text.length / 1e6).toFixed(0)} MB`);
      await Deno.writeTextFile(`${folder}/a.json`, text);
      const [exported] = await measure(
        [["export", "a.json", "--format", "csv", "-o", "a.csv"]],
        folder,
      );
      assertEquals(exported!.code, 0, exported!.stderr);
      console.log(
        `export: ${exported!.cpu.toFixed(0)} s, ${
          (exported!.bytes / 1e6).toFixed(0)
        } MB`,
      );
      const table = await Deno.readTextFile(`${folder}/a.csv`);
      assertEquals(table.trim().split("\r\n").length, 50_001);
    }),
);
