import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { sha256 } from "../../src/core/digest.ts";
import { unpackBits } from "../../src/results/bit_string.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { decodeSafetensors } from "../../src/results/safetensors.ts";
import { runMain } from "../cli/run_main.ts";
import { slowTest } from "../slow.ts";
import { runCommand, startCommand } from "./command_line.ts";
import { reference } from "./reference.ts";
import { inFolder, small, study, sweep } from "./tiny_sweep.ts";

let written: Promise<ResultSet> | undefined;

/** What the command writes with two jobs, from another directory; made once. */
function sweepElsewhere(): Promise<ResultSet> {
  return written ??= (async () => {
    const folder = await Deno.makeTempDir();
    try {
      const ended = await runCommand([
        "sweep",
        ...study,
        "--out=sub/out.json",
        "--jobs=2",
      ], { cwd: folder });
      assertEquals(ended.code, 0, ended.stderr);
      return await readResultSet(`${folder}/sub/out.json`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  })();
}

Deno.test("sweep has the same digest with two jobs, from another directory", async () => {
  const set = await sweepElsewhere();
  assertEquals(set.digest, (await reference()).digest);
  assertEquals(set.provenance.jobs, 2);
});

slowTest(
  "sweep has the same digest when killed midway and run again",
  () =>
    inFolder(async (folder) => {
      const args = ["sweep", ...study, `--out=${folder}/out.json`, "--jobs=2"];
      const child = startCommand(args);
      child.stdout.cancel();
      let seen = "";
      for await (const chunk of child.stderr) {
        seen += new TextDecoder().decode(chunk);
        if (seen.includes("[3/8]")) break;
      }
      child.kill("SIGKILL");
      await child.status;
      const kept = (await Deno.readTextFile(`${folder}/out.journal.jsonl`))
        .split("\n").length - 2;
      assert(kept >= 3 && kept < 8, `${kept} cells were kept`);
      const again = await runCommand(args);
      assertEquals(again.code, 0, again.stderr);
      assertStringIncludes(again.stderr, `${kept} of 8 cells are done`);
      const set = await readResultSet(`${folder}/out.json`);
      assertEquals(set.digest, (await reference()).digest);
      const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assertEquals(left, ["out.json"], "no journal is left");
    }),
);

Deno.test("sweep keeps what is done when interrupted, and exits with 130", () =>
  inFolder(async (folder) => {
    const args = ["sweep", ...study, `--out=${folder}/out.json`, "--jobs=1"];
    const child = startCommand(args);
    const reader = child.stderr.getReader();
    let seen = "";
    while (!seen.includes("[1/8]")) {
      seen += new TextDecoder().decode((await reader.read()).value);
    }
    child.kill("SIGINT");
    while (true) {
      const { value, done } = await reader.read();
      if (done) break;
      seen += new TextDecoder().decode(value);
    }
    child.stdout.cancel();
    assertEquals((await child.status).code, 130);
    assertMatch(seen, /Interrupted: [1-7] of 8 cells are kept/);
  }));

Deno.test("sweep writes a result set that is consistent", async () => {
  const set = await sweepElsewhere();
  assertEquals(set.digest, digestResultSet(set));
  assertEquals(set.cells.length, 8);
  for (const cell of set.cells) {
    assert(cell.status === "finished");
    const { test, train, epochs, flags } = cell.outcome;
    assertEquals(
      flags.filter(({ flag }) => flag !== "adversarial-above-clean"),
      [],
    );
    // Of full batches, 60 / 16 steps per epoch, the rest carried over.
    assertEquals(epochs.map(({ steps }) => steps), [3, 4]);
    for (const score of [test!.clean, ...Object.values(test!.byAttack)]) {
      const right = unpackBits(score.bits, test!.rows).filter(Boolean).length;
      assertEquals(right, score.correct);
      assertEquals(
        score.correctPerClass.reduce((a, b) => a + b),
        score.correct,
      );
    }
    for (const { maxPerturbation } of Object.values(test!.byAttack)) {
      assert(maxPerturbation > 0.03 && maxPerturbation <= 8 / 255 + 1e-6);
    }
    const copies = cell.config.duplication.ratio === 1 ? 60 : 0;
    assertEquals(cell.duplication.copies, copies);
    assertEquals([train!.unique.rows, train!.copies.rows], [60, copies]);
    // At ratio 1, uniform copies are each image once more.
    if (copies > 0) assertEquals(train!.copies.correct, train!.unique.correct);
  }
});

Deno.test("sweep --budget epochs trains on every copy in every epoch", () =>
  inFolder(async (folder) => {
    const set = await sweep(folder, { ...small, budget: "epochs" });
    const images = set.cells.map((cell) =>
      cell.status === "finished" ? cell.outcome.epochs[0]!.images : 0
    );
    // Whole batches of 16.
    assertEquals(images, [48, 112]);
    assertNotEquals(set.digest, (await reference()).digest);
  }));

Deno.test("sweep --export-weights writes the weights and order that the outcome has", () =>
  inFolder(async (folder) => {
    const set = await sweep(folder, {
      ...small,
      "export-weights": `${folder}/export`,
    });
    for (const cell of set.cells) {
      assert(cell.status === "finished");
      const base = `${folder}/export/${cell.id}`;
      const { tensors } = decodeSafetensors(
        await Deno.readFile(`${base}/final.safetensors`),
      );
      const shapes = Object.fromEntries(
        tensors.map(({ name, shape }) => [name, shape.join("x")]),
      );
      assertEquals(shapes["conv1.weight"], "16x3x3x3");
      assertEquals(shapes["fc1.weight"], "128x2048");
      const digest = sha256(
        ...[
          "conv1.weight",
          "conv1.bias",
          "conv2.weight",
          "conv2.bias",
          "fc1.weight",
          "fc1.bias",
          "fc2.weight",
          "fc2.bias",
        ].map((name) => {
          const { data } = tensors.find((tensor) => tensor.name === name)!;
          return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        }),
      );
      assertEquals(digest, cell.outcome.weightsSha256);
      const order = (await Deno.readTextFile(`${base}/batches.jsonl`)).trim()
        .split("\n").map((line) => JSON.parse(line));
      assertEquals(
        order.filter(({ epoch }) => epoch === 0).flatMap(({ slots }) => slots)
          .length,
        cell.outcome.epochs[0]!.images,
      );
    }
  }));

Deno.test("sweep records a diverged cell and continues", () =>
  inFolder(async (folder) => {
    const set = await sweep(folder, { ...small, "learning-rate": "1e30" });
    for (const cell of set.cells) {
      assert(cell.status === "finished");
      assertEquals(cell.outcome.divergedAtEpoch, 0);
      assertEquals(cell.outcome.test, null);
      assertEquals(cell.outcome.flags[0]!.flag, "diverged");
    }
  }));

const mistakes: Record<string, [args: string[], says: string]> = {
  "an unknown option": [["--ratio=1"], "--ratios"],
  "a value out of range": [["--epochs=0"], "--epochs"],
  "an unknown study": [["--study=slow"], '"slow"'],
  "a study file that is absent": [["--study=absent.json"], "absent.json"],
  "an option without effect": [["--class=1"], "policy single-class"],
  "more images than there are": [["--limit-train=3000"], "2000"],
  "a ratio that cannot replace": [
    ["--mode=replace", "--ratios=1", "--policy=uniform"],
    "--ratios of policy uniform in mode replace",
  ],
  "whole copies of a broken ratio": [
    ["--policy=whole-copies", "--ratios=0.5"],
    "--ratios of policy whole-copies must be",
  ],
  "a fraction of zero": [
    ["--ratios=1/0"],
    '--ratios must be a number, got "1/0"',
  ],
  "a word after two dashes": [["--", "quick"], 'Unexpected word "quick"'],
  "an output that is no JSON file": [["--out=x.txt"], "x.txt"],
};

for (const [name, [args, says]] of Object.entries(mistakes)) {
  Deno.test(`sweep answers ${name} with one line, exit code 2 and no file`, () =>
    inFolder(async (folder) => {
      const ended = await runMain(["sweep", ...args], folder);
      assertEquals(ended.code, 2, ended.stderr);
      assertEquals(ended.stderr.trim().split("\n").length, 1, ended.stderr);
      assertStringIncludes(ended.stderr, says);
      assertEquals([...Deno.readDirSync(folder)], []);
    }));
}
