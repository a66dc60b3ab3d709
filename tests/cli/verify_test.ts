import {
  assertEquals,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  digestResultSet,
  type ResultSet,
} from "../../src/results/result_set.ts";
import { parseStudy, type StudyInput } from "../../src/spec/study.ts";
import { runSweep } from "../../src/sweep/run_sweep.ts";
import { sleep, startGroup } from "../robust/_processes.ts";
import { runMain } from "./run_main.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { version } from "../../src/results/versions.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { cellOf, edited, forged, frozenPath } from "../verify/_frozen.ts";

async function write(path: string, set: ResultSet): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(set, null, 2));
}

const ids = edited().cells.map(({ id }) => id);

/** The last cell fails where it is drawn, one of four. */
const forgedLoss = forged((set) =>
  cellOf(set, 3).outcome.epochs[1]!.loss = 2.25
);

Deno.test("verify ends with 0, and says what it looked at and which seed chose the cell", async () => {
  const { code, stdout, stderr } = await runMain([
    "verify",
    frozenPath,
    "--cells=1",
  ]);
  assertEquals(code, 0, stderr);
  assertMatch(
    stdout,
    /^ok {5}.+: form, study, digest, data set and plans; 1 of 4 cells run again, equal bit for bit \(--seed \d+\)\n$/,
  );
  assertStringIncludes(stderr, "backend wasm: as recorded\n");
});

Deno.test("verify ends with 1 where a cell comes out otherwise, and names cell, field, expected and got", async () => {
  await inFolder(async (folder) => {
    await write(`${folder}/forged.json`, forgedLoss);
    const { code, stdout, stderr } = await runMain(
      ["verify", "forged.json", "--cells=all"],
      folder,
    );
    assertEquals(code, 1, stderr);
    const honest = cellOf(edited(), 3).outcome.epochs[1]!.loss;
    assertEquals(
      stdout,
      `wrong  forged.json: 4 of 4 cells run again, 3 of these equal bit for bit
  cell ${
        ids[3]
      }: outcome.epochs.1.loss: expected 2.25 as recorded, got ${honest} when run again
`,
    );
  });
});

Deno.test("verify goes on to the next file, and ends with 1 if any is wrong, else with 2 if any is unavailable", async () => {
  await inFolder(async (folder) => {
    const text = await Deno.readTextFile(frozenPath);
    await Deno.writeTextFile(`${folder}/whole.json`, text);
    await Deno.writeTextFile(`${folder}/cut.json`, text.slice(0, 9000));
    await write(`${folder}/missing.json`, forged(({ cells }) => cells.pop()));
    await write(
      `${folder}/edited.json`,
      edited((set) => cellOf(set).outcome.epochs[0]!.loss++),
    );
    const names = ["cut", "missing", "none", "edited", "whole"];
    const verify = (names: string[]) =>
      runMain(
        ["verify", ...names.map((name) => `${name}.json`), "--cells=0"],
        folder,
      );
    const { code, stdout, stderr } = await verify(names);
    assertEquals(code, 1, stderr);
    assertEquals(
      stderr,
      `Cannot read "none.json": No such file or directory, stat 'none.json'\n`,
    );
    const set = edited((set) => cellOf(set).outcome.epochs[0]!.loss++);
    assertEquals(
      stdout,
      `wrong  cut.json: not in the form of a result set
  it is cut off after 9000 characters
wrong  missing.json: no cell run again
  1 of the 4 cells of the study are missing, the first ${ids[3]}
wrong  edited.json: no cell run again
  digest: expected ${
        digestResultSet(set)
      }, computed from the content, got ${set.digest} in the file: the study, the data set or a cell was edited
ok     whole.json: form, study, digest, data set and plans; no cell run again
`,
    );
    const absent = await verify(["none", "whole"]);
    assertEquals(absent.code, 2);
    assertMatch(absent.stdout, /^ok {5}whole\.json: /);
  });
});

Deno.test("verify ends with 2, not with 1, where only a newer dupbench can read a file", () =>
  inFolder(async (folder) => {
    const set = JSON.parse(await Deno.readTextFile(frozenPath));
    const points = JSON.parse(
      await Deno.readTextFile(
        new URL("../../results/gaussian.json", import.meta.url),
      ),
    );
    const { provenance } = set;
    for (
      const [value, why] of [
        [
          { ...set, schema: "dupbench/result-set/2", cells: {} },
          `it was written by a newer dupbench: its "schema" is "dupbench/result-set/2", and dupbench ${version} reads "dupbench/result-set/1" at most`,
        ],
        [
          { ...points, schema: "dupbench/gaussian/3" },
          `it was written by a newer dupbench: its "schema" is "dupbench/gaussian/3", and dupbench ${version} reads "dupbench/gaussian/2" at most`,
        ],
        [
          {
            ...set,
            study: { ...set.study, later: 1 },
            provenance: { ...provenance, dupbench: "1000.0.0" },
          },
          `"study": Unrecognized key: "later"; it was written by dupbench 1000.0.0, which is newer than this one, ${version}`,
        ],
      ]
    ) {
      await Deno.writeTextFile(`${folder}/new.json`, JSON.stringify(value));
      assertEquals(await runMain(["verify", "new.json", "--cells=0"], folder), {
        code: 2,
        stdout: "",
        stderr: `Cannot verify "new.json": ${why}\n`,
      });
    }
  }));

Deno.test("verify prints nothing from a file that a terminal would obey, and ten faults of a file at most", async () => {
  await inFolder(async (folder) => {
    await write(
      `${folder}/odd.json`,
      forged((set) => {
        const { id, config } = set.cells[0]!;
        set.cells[0] = {
          id,
          config,
          status: "failed",
          error: "\u001b[2Jok\u0007\nok     odd.json",
        };
      }),
    );
    await write(
      `${folder}/many.json`,
      edited((set) => {
        for (const [i] of set.cells.entries()) {
          const { test } = cellOf(set, i).outcome;
          for (const score of Object.values(test!.byAttack)) score.correct++;
        }
      }),
    );
    const { code, stdout } = await runMain(
      ["verify", "odd.json", "many.json", "--cells=0"],
      folder,
    );
    assertEquals(code, 1);
    const lines = stdout.trimEnd().split("\n");
    assertEquals(
      lines[1],
      `  cell ${
        ids[0]
      } failed when it was recorded, so it cannot be compared:  [2Jok ok     odd.json`,
    );
    // Four attacks on four cells, and the digest.
    assertEquals(lines.length, 2 + 1 + 10 + 1);
    assertEquals(lines.at(-1), "  and 7 more");
  });
});

Deno.test("verify takes what sweeps write: cells that diverged, stand-ins for copies, near copies, removed duplicates", async () => {
  await inFolder(async (folder) => {
    const sweep = async (name: string, fields: Partial<StudyInput>) => {
      const study = parseStudy({
        name: "tiny",
        limitTrain: 20,
        limitTest: 10,
        ratios: [1],
        seeds: [0],
        epochs: 2,
        batch: 16,
        attacks: ["fgsm"],
        backend: "wasm",
        ...fields,
      });
      const { status } = await runSweep(study, { out: `${folder}/${name}` });
      assertEquals(status, "complete");
    };
    await sweep("diverged.json", { learningRate: 1e30 });
    await sweep("others.json", {
      standIn: ["copies", "weights", "fresh"],
      copies: ["near"],
      nearKinds: ["shift", "brightness"],
      dedup: ["near"],
      epochs: 1,
    });
    const { code, stdout } = await runMain(
      ["verify", "diverged.json", "others.json", "--cells=1"],
      folder,
    );
    assertEquals(code, 0, stdout);
    const { cells } = await readResultSet(`${folder}/diverged.json`);
    assertEquals(
      cells.map((cell) => cell.status === "finished" && cell.outcome.test),
      [null],
    );
    assertMatch(
      stdout,
      /^ok .*1 of 1 cells run again, equal bit for bit.*\nok .*1 of 3 cells run again, equal bit for bit.*\n$/,
    );
  });
});

Deno.test("verify takes a shard, whose cells rest on the data, and the toy study", async () => {
  await inFolder(async (folder) => {
    const toy = [
      "gaussian",
      "--points=8",
      "--held-out=8",
      "--balanced=0,4",
      "--biased=0,4",
      "--seeds=1,2",
      "--out=toy.json",
    ];
    assertEquals((await runMain(toy, folder)).code, 0);
    await write(
      `${folder}/shard.json`,
      forged((set) => {
        set.cells.splice(1, 2);
        set.shard = { index: 1, count: 4 };
      }),
    );
    const { code, stdout } = await runMain(
      ["verify", "toy.json", "shard.json", "--cells=0"],
      folder,
    );
    assertEquals(code, 1);
    assertMatch(
      stdout,
      /^ok {5}toy\.json: study, digest, all runs and their summary\nwrong {2}shard\.json: no cell run again\n( {2}shard 1 of 4: \d of .*\n)+$/,
    );
  });
});

Deno.test("verify ends with 2 and one line where the call will not do", async () => {
  for (
    const [args, fault] of [
      [[], /^Name a file: verify FILE/],
      [
        [frozenPath, "--cells=some"],
        /^--cells must be a whole number, or "all"/,
      ],
      [[frozenPath, "--tolerance=2"], /^--tolerance must be at most 1/],
      [[frozenPath, "--sede=1"], /did you mean "--seed"/],
    ] as const
  ) {
    const { code, stdout, stderr } = await runMain(["verify", ...args]);
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr, fault);
    assertEquals(stderr.trimEnd().split("\n").length, 1);
  }
});

Deno.test({
  name:
    "verify that Ctrl-C interrupts says so, ends with 130 and leaves no worker",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const group = startGroup(["verify", frozenPath, "--cells=all", "--jobs=1"]);
    while (!group.ended && (await group.workers()).length === 0) {
      await sleep(20);
    }
    await group.interrupt("INT");
    const { code, stderr } = await group.end;
    assertEquals(code, 130, stderr);
    assertMatch(
      stderr,
      /\nInterrupted: .+: .*(no cell|\d of 4 cells) run again/,
    );
    assertLess(await group.gone(5000), 5000);
  },
});
