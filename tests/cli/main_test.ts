import { assert, assertEquals, assertMatch } from "@std/assert";
import { relative } from "node:path";
import { nameFlags } from "../../src/cli/name_flags.ts";
import { showPaths } from "../../src/cli/io.ts";
import { recordWords } from "../../src/cli/record_words.ts";
import { BackendError, UsageError } from "../../src/core/errors.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder, small, tiny, toArgs } from "../sweep/tiny_sweep.ts";
import { frozenPath } from "../verify/_frozen.ts";
import { runMain } from "./run_main.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

/** Runs a task in a process of its own, as a user does. */
async function runTask(
  args: string[],
  { cwd = root, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
) {
  // npx, which may run these tests, says where it was called; the user here calls
  // deno alone.
  const { INIT_CWD: _, ...inherited } = Deno.env.toObject();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd,
    clearEnv: true,
    env: { ...inherited, NO_COLOR: "1", ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("a task ends with the exit code of its command", async () => {
  assertEquals((await runTask(["dupbench", "--version"])).code, 0);
  const { code, stdout, stderr } = await runTask(["dupbench", "swep"]);
  assertEquals([code, stdout], [2, ""]);
  assertEquals(stderr, 'Unknown command "swep": did you mean "sweep"?\n');
});

for (const word of ["--version", "--help"]) {
  Deno.test(`${word} downloads no package into an empty cache`, () =>
    inFolder(async (folder) => {
      const { code, stdout } = await runTask(["dupbench", word], {
        env: { DENO_DIR: folder },
      });
      assertEquals(code, 0);
      assertMatch(stdout, /^dupbench \d+\.\d+\.\d+/);
      const packages = `${folder}/npm`;
      assertEquals(
        await Array.fromAsync(Deno.readDir(packages)).catch(() => []),
        [],
      );
    }));
}

Deno.test("paths are relative to where the user stands, in a sub-folder too, and provenance has no absolute one", () =>
  inFolder(async (folder) => {
    const out = `${folder}/merged.json`;
    const cwd = `${root}tests/cli`;
    const source = relative(cwd, frozenPath);
    const { code, stdout, stderr } = await runTask(
      ["merge", source, "--out", out],
      { cwd },
    );
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^4 cells of 1 file\n/);
    const { provenance } = await readResultSet(out);
    assertEquals(provenance.command, [
      "merge",
      source,
      "--out",
      "merged.json",
    ]);
    const absent = await runTask(["verify", "none.json"], { cwd });
    assertEquals(absent.code, 2);
    assertMatch(absent.stderr, /^Cannot read "none\.json": /);
  }));

Deno.test("-C FOLDER says where relative paths start, and needs its value", () =>
  inFolder(async (folder) => {
    await Deno.copyFile(frozenPath, `${folder}/set.json`);
    const { code, stdout, stderr } = await runMain([
      "-C",
      folder,
      "export",
      "set.json",
      "--format=csv",
    ]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(stdout, "wrote set.csv and set-classes.csv\n");
    assert((await Deno.stat(`${folder}/set.csv`)).isFile);
    const missing = await runMain(["-C"]);
    assertEquals([missing.code, missing.stdout], [2, ""]);
  }));

Deno.test("sweep that is interrupted says how many cells are kept and ends with 130", () =>
  inFolder(async (folder) => {
    let listeners = 0;
    const { code, stderr } = await runMain(
      ["sweep", ...toArgs({ ...tiny, ...small, jobs: "1" })],
      folder,
      {
        onInterrupt(listener) {
          listeners++;
          queueMicrotask(listener);
          return () => listeners--;
        },
      },
    );
    assertEquals(code, 130, stderr);
    assertMatch(
      stderr,
      /Interrupted: 0 of 2 cells are kept; the same command runs the missing ones\n$/,
    );
    assertEquals(listeners, 0, "no listener stays");
  }));

Deno.test("an error of the library about a field reaches the user with the flag", async () => {
  const { code, stdout, stderr } = await runMain(["sweep", "--shard=3/2"]);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /--shard.*got "3\/2"\n$/);
  assert(!stderr.includes('"shard"'), stderr);
});

Deno.test("nameFlags() puts flags in place of the fields that an error lists, and of nothing else", async () => {
  const about = (message: string, field: string | string[]) =>
    nameFlags(new UsageError(message, { field }), ["dataDir", "jobs"]);
  assertEquals(
    await about(
      'The data set "jobs" needs "dataDir": a directory',
      "dataDir",
    ),
    'The data set "jobs" needs --data: a directory',
  );
  // A field of a study is a flag of sweep, whatever command it is that fails.
  assertEquals(
    await about('"jobs" or "limitTrain"', ["jobs", "limitTrain"]),
    "--jobs or --limit-train",
  );
  assertEquals(await about('"cells" is absent', "cells"), '"cells" is absent');
  // A study has it, and no command has a flag for it.
  assertEquals(
    await about('"exclude" must leave a cell', "exclude"),
    '"exclude" must leave a cell',
  );
  assertEquals(
    await nameFlags(new BackendError('"jobs" is kept'), ["jobs"]),
    '"jobs" is kept',
  );
});

Deno.test("recordWords() makes absolute paths relative or cuts them to their last part", () => {
  assertEquals(
    recordWords([
      "/home/me/work/results/a.json",
      "--out=/home/me/other/b.json",
      "--data-dir=/home/me/work/images",
      "--epsilon=8/255",
      "../c.json",
      "--shard",
      "1/4",
      "/home/me/work",
      "-o/home/me/other/d=1.json",
      "-o=/home/me/work/e.json",
      "--model=/home/me/f.json,/home/me/work/g.json,quick",
      "/home/me/work/a,b.json",
    ], { cwd: "/home/me/work" }),
    [
      "results/a.json",
      "--out=b.json",
      "--data-dir=images",
      "--epsilon=8/255",
      "../c.json",
      "--shard",
      "1/4",
      "work",
      "-od=1.json",
      "-o=e.json",
      "--model=f.json,g.json,quick",
      "a,b.json",
    ],
  );
});

Deno.test("showPaths() makes paths below cwd relative, and leaves others that hold its name as they are", () => {
  const cwd = "/data";
  for (
    const [text, shown] of [
      ['"/data/cat/1.png" is absent', '"cat/1.png" is absent'],
      ["/data/a and --out=/data/b", "a and --out=b"],
      ['"/mnt/data/cat/1.png" is absent', '"/mnt/data/cat/1.png" is absent'],
      ["journal /my-data//data/x", "journal /my-data//data/x"],
      ["at file:///data/x.ts", "at file:///data/x.ts"],
    ] as const
  ) assertEquals(showPaths(text, { cwd }), shown);
  assertEquals(showPaths('"/a"', { cwd: "/" }), '"/a"');
});
