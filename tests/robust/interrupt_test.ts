import { assert, assertEquals, assertMatch } from "@std/assert";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { slowTest } from "../slow.ts";
import { runMain } from "../cli/run_main.ts";
import { runCommand } from "../sweep/command_line.ts";
import { reference } from "../sweep/reference.ts";
import { inFolder, small, study, tiny, toArgs } from "../sweep/tiny_sweep.ts";
import { frozenPath } from "../verify/_frozen.ts";
import { checkInterrupts } from "./_interrupts.ts";
import { readWhole } from "./_kills.ts";
import { sleep, startGroup } from "./_processes.ts";

// Process groups and parents are read from Linux's /proc.
const ignore = Deno.build.os !== "linux";

slowTest(
  "sweep ends within 2 s at 16 random moments, loading included, and comes to the same digest",
  () => checkInterrupts(16, 2),
  { ignore },
);

/** Seconds; above what an honest step of the tiny study takes on a busy machine. */
const STALL_LIMIT = 5;

/** Most sweeps whose workers are stopped: a fast one may end before the last stop. */
const SWEEPS = 10;

/** Stops workers of sweeps, which must then finish as if nothing had been. */
async function checkStalls(wanted: number): Promise<void> {
  let stops = 0;
  for (let sweeps = 0; sweeps < SWEEPS && stops < wanted; sweeps++) {
    await inFolder(async (folder) => {
      stops += await stopWorkers(folder, wanted - stops);
    });
  }
  assertEquals(stops, wanted);
}

/** Stops at most `wanted` workers of one sweep; gives how many. */
async function stopWorkers(folder: string, wanted: number): Promise<number> {
  const out = `${folder}/o.json`;
  const journal = `${folder}/o.journal.jsonl`;
  const group = startGroup([
    "sweep",
    ...study,
    `--out=${out}`,
    "--jobs=1",
    `--stall-limit=${STALL_LIMIT}`,
  ]);
  const stopped: number[] = [];
  while (!group.ended && stopped.length < wanted) {
    await sleep(20);
    // Each in another cell, since a cell is given up after two.
    const lines = readWhole(journal).split("\n").length - 1;
    if (lines < 2 * stopped.length) continue;
    const [worker] = await group.workers();
    if (worker === undefined || stopped.includes(worker)) continue;
    const { success } = await new Deno.Command("kill", {
      args: ["-STOP", `${worker}`],
    }).output();
    if (success) stopped.push(worker);
  }
  const { code, stderr } = await group.end;
  assertEquals(code, 0, stderr);
  for (const worker of stopped) {
    assertMatch(
      stderr,
      new RegExp(
        `^Cell \\w{16} runs once more: The worker \\(process ${worker}\\) sent no heartbeat for 5 s and was killed; --stall-limit sets the limit$`,
        "m",
      ),
    );
  }
  assertEquals((await readResultSet(out)).digest, (await reference()).digest);
  assert(await group.gone(5000) < 5000);
  return stopped.length;
}

slowTest(
  "sweep names a worker that is stopped while it opens, kills it and runs its cell once more",
  () => checkStalls(1),
  { ignore },
);
slowTest(
  "sweep comes to the same digest through four stopped workers",
  () => checkStalls(4),
  { ignore },
);

slowTest(
  "sweep gives up a git that is stopped, records no commit and comes to the same digest",
  () =>
    inFolder(async (folder) => {
      const git = `${folder}/git`;
      await Deno.writeTextFile(git, "#!/bin/sh\nkill -STOP $$\n");
      await Deno.chmod(git, 0o755);
      const out = `${folder}/o.json`;
      const { code, stderr } = await runCommand(
        ["sweep", ...study, `--out=${out}`, "--jobs=1"],
        { env: { PATH: `${folder}:${Deno.env.get("PATH")}` } },
      );
      assertEquals(code, 0, stderr);
      const set = await readResultSet(out);
      assertEquals(set.provenance.git, null);
      assertEquals(set.digest, (await reference()).digest);
    }),
  { ignore },
);

Deno.test({
  name:
    "verify whose workers die says that it could not run, with exit code 2, and calls no file wrong",
  ignore,
  fn: async () => {
    const group = startGroup(["verify", frozenPath, "--cells=1", "--jobs=1"]);
    while (!group.ended) {
      await sleep(20);
      for (const worker of await group.workers()) await group.kill(worker);
    }
    const { code, stderr } = await group.end;
    assertEquals(code, 2, stderr);
    assertMatch(
      stderr,
      /^Could not verify ".*": cell \w{16} could not be run again: The worker died \(SIGKILL\); nothing else was found wrong$/m,
    );
  },
});

Deno.test({
  name:
    "sweep whose folder and journal are removed while it runs writes both again and loses no cell",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const out = `${folder}/sub/o.json`;
      const journal = `${folder}/sub/o.journal.jsonl`;
      const args = ["sweep", ...study, `--out=${out}`, "--jobs=1"];
      const group = startGroup(args);
      const lines = () => readWhole(journal).split("\n").length - 1;
      while (!group.ended && lines() < 3) await sleep(5);
      await Deno.remove(`${folder}/sub`, { recursive: true });
      while (!group.ended && lines() < 4) await sleep(5);
      await Deno.remove(journal);
      const { code, stderr } = await group.end;
      assertEquals(code, 0, stderr);
      assertEquals(
        (await readResultSet(out)).digest,
        (await reference()).digest,
      );
      assertEquals(
        [...Deno.readDirSync(`${folder}/sub`)].map(({ name }) => name),
        ["o.json"],
      );
    }),
});

Deno.test({
  name:
    "sweep whose folder cannot be made again says what is lost and ends with 2",
  ignore,
  fn: () =>
    inFolder(async (folder) => {
      const journal = `${folder}/sub/o.journal.jsonl`;
      const group = startGroup([
        "sweep",
        ...study,
        `--out=${folder}/sub/o.json`,
        "--jobs=1",
      ]);
      while (!group.ended && readWhole(journal).split("\n").length < 4) {
        await sleep(5);
      }
      // Halted, so that it makes no folder in between.
      const halt = (signal: string) =>
        new Deno.Command("kill", { args: [signal, `${group.pid}`] }).output();
      await halt("-STOP");
      await Deno.remove(`${folder}/sub`, { recursive: true });
      await Deno.writeTextFile(`${folder}/sub`, "");
      await halt("-CONT");
      const { code, stderr } = await group.end;
      assertEquals(code, 2, stderr);
      assertMatch(
        stderr.trimEnd().split("\n").at(-1)!,
        /^The journal ".*" was removed while its sweep ran, and cannot be written again: .*; (1 cell in it is|\d cells in it are) lost$/,
      );
    }),
});

Deno.test("sweep and merge replace no file but a result set of the same study", () =>
  inFolder(async (folder) => {
    const out = `${folder}/o.json`;
    const sweep = (flags: Record<string, string>) =>
      runMain([
        "sweep",
        ...toArgs({ ...tiny, ...small, ratios: "0", ...flags, out, jobs: "1" }),
      ]);
    assertEquals((await sweep({})).code, 0);
    const before = await Deno.readTextFile(out);
    assertEquals((await sweep({})).code, 0, "its own it replaces");

    const other = await sweep({ seeds: "1" });
    assertEquals([other.code, other.stdout], [2, ""]);
    assertMatch(
      other.stderr,
      /^".*o\.json" is the result set of another study, "tiny", and is not replaced: choose another --out, or move the file away\n$/,
    );
    const part = await sweep({ shard: "1/1" });
    assertEquals(part.code, 2);
    assertMatch(part.stderr, /is the result set of the whole study and is not/);

    for (const text of ["notes of mine", '{"a": 1}', ""]) {
      await Deno.writeTextFile(out, text);
      const refused = await sweep({});
      assertEquals([refused.code, refused.stdout], [2, ""]);
      assertMatch(
        refused.stderr,
        /o\.json" is not a result set \(.*\) and is not/,
      );
      await Deno.writeTextFile(`${folder}/a.json`, before);
      const merged = await runMain(["merge", `${folder}/a.json`, "-o", out]);
      assertEquals([merged.code, merged.stdout], [2, ""]);
      assertMatch(
        merged.stderr,
        /o\.json" is not a result set \(.*\) and is not/,
      );
      assertEquals(await Deno.readTextFile(out), text);
    }
  }));
