import { assert, assertEquals, assertMatch } from "@std/assert";
import { childFlags } from "../../src/cli/child_flags.ts";
import { commands } from "../../src/cli/commands.ts";
import { slowTest } from "../slow.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { inFolder, small, tiny, toArgs } from "../sweep/tiny_sweep.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));
const deno = "/opt/deno";

const reads = ["--no-prompt", "--allow-read", "--allow-env", "--allow-sys"];
const flagsOf = async (name: string, words: string[], cwd = "/home/me") =>
  (await childFlags({ name, words, cwd, deno })).slice(reads.length);

Deno.test("a command may write to the folders that its call names, and start what it needs", async () => {
  const run = `--allow-run=${deno},git`;
  for (
    const [name, words, expected] of [
      ["sweep", [], ["--allow-write=/home/me/results/local", run]],
      ["sweep", ["--out=a/b.json"], ["--allow-write=/home/me/a", run]],
      ["sweep", ["--out", "/x/b.json"], ["--allow-write=/x", run]],
      ["sweep", ["-o", "../b.json", "--quiet"], ["--allow-write=/home", run]],
      [
        "sweep",
        ["-o=b.json", "--export-weights", "/w"],
        ["--allow-write=/home/me,/w", run],
      ],
      // Deno has no way to quote a comma.
      [
        "sweep",
        ["--export-weights=/w/a,b", "-ob.json"],
        ["--allow-write=/home/me,/w", run],
      ],
      ["verify", ["a.json"], [`--allow-run=${deno}`]],
      [
        "verify",
        ["https://a.org/1.json", "http://b.org:81/2.json", "https://a.org/3"],
        ["--allow-net=a.org,b.org:81", `--allow-run=${deno}`],
      ],
      ["analyse", ["https://a.org/1.json"], []],
      [
        "merge",
        ["a.json", "b.json"],
        ["--allow-write=/home/me/results/local", "--allow-run=git"],
      ],
      [
        "compare",
        ["a.json", "b.json"],
        ["--allow-write=/home/me/results/comparison"],
      ],
      ["report", ["a.json", "-o", "page"], ["--allow-write=/home/me/page"]],
      ["report", ["a.json"], ["--allow-write=/home/me/results/local/report"]],
      ["gaussian", [], ["--allow-write=/home/me/results/local"]],
      ["duplicates", ["--data-dir", "photos", "--keep=first"], []],
      [
        "duplicates",
        ["--html=page", "--remove-list", "a/b.csv", "--cleaned=c/d.csv"],
        ["--allow-write=/home/me/page,/home/me/a,/home/me/c"],
      ],
      [
        "duplicates",
        ["--data-dir", "photos", "--move", "/x/known"],
        ["--allow-write=/x/known,/home/me/photos"],
      ],
      [
        "duplicates",
        ["--data=photos", "--move", "/x/known"],
        ["--allow-write=/x/known,/home/me/photos"],
      ],
      [
        "duplicates",
        ["--against", "archive", "--mirrored", "photos", "--move=/x/known"],
        ["--allow-write=/x/known,/home/me/photos"],
      ],
      ["analyse", ["absent.json"], []],
      ["data", ["--dataset=cifar10-mini", "--out=/"], []],
    ] as [string, string[], string[]][]
  ) {
    assertEquals(await flagsOf(name, words), expected, `${name} ${words}`);
  }
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.json`, "");
    assertEquals(
      await flagsOf("export", ["--format", "csv", "a.json"], folder),
      [`--allow-write=${folder}`],
    );
  });
});

Deno.test("commands that load images may write to the cache of the user alone, unless it is off", async () => {
  const flags = async (
    name: string,
    words: string[],
    env: Record<string, string>,
  ) => {
    const call = { name, words, cwd: "/home/me", deno, env };
    const all = await childFlags(call);
    return all.find((flag) => flag.startsWith("--allow-write="))
      ?.slice("--allow-write=".length);
  };
  const home = { HOME: "/home/me" };
  assertEquals(await flags("data", [], home), "/home/me/.cache/dupbench");
  assertEquals(await flags("data", [], {}), undefined);
  assertEquals(
    await flags("duplicates", ["photos"], { XDG_CACHE_HOME: "/c", ...home }),
    "/c/dupbench",
  );
  assertEquals(await flags("duplicates", ["--cache=off"], home), undefined);
  assertEquals(
    await flags("sweep", ["--cache", "kept", "-o", "/x/a.json"], home),
    "/x,/home/me/kept",
  );
  assertEquals(await flags("verify", ["a.json"], home), undefined);
});

Deno.test({
  name: "without --out, commands write only where git ignores it",
  ignore: !await Deno.stat(`${root}.git`).then(() => true, () => false),
  async fn() {
    for (const name of ["sweep", "merge", "compare", "report", "gaussian"]) {
      const flags = await flagsOf(name, ["absent.json"], root);
      const folder = flags.find((flag) => flag.startsWith("--allow-write="))
        ?.slice("--allow-write=".length);
      assert(folder, name);
      const { code } = await new Deno.Command("git", {
        args: ["check-ignore", "--quiet", `${folder}/new.json`],
        cwd: root,
      }).output();
      assertEquals(code, 0, `${name} writes to ${folder}`);
    }
  },
});

for (const { name } of commands) {
  Deno.test(`${name} is never given the network unasked, native code, or all of anything it could harm with`, async () => {
    const flags = await childFlags({ name, words: [], cwd: "/", deno });
    assertEquals(flags.slice(0, reads.length), reads);
    for (const flag of flags) {
      assert(!/^--allow-(all|net|ffi|import)|^-A/.test(flag), flag);
      assert(!/^--allow-(run|write)$/.test(flag), flag);
    }
  });
}

Deno.test("only these files of dupbench start processes", async () => {
  const direct: string[] = [];
  const starts: string[] = [];
  const threads: string[] = [];
  const search = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) await search(path);
      else if (name.endsWith(".ts")) {
        const text = await Deno.readTextFile(path);
        if (/new Deno\.Command\(|node:child_process/.test(text)) {
          direct.push(path.slice(root.length));
        }
        if (/\bstartChild\(/.test(text)) starts.push(path.slice(root.length));
        if (/\bstartThread\(/.test(text)) threads.push(path.slice(root.length));
      }
    }
  };
  await search(`${root}src`);
  assertEquals(direct.sort(), [
    // When the page that verifies is built.
    "src/browser/bundle/resolve_packages.ts",
    "src/core/runtime/child_process.ts",
    // On Bun alone, in place of a thread, and only scripts of dupbench.
    "src/core/runtime/worker_thread.ts",
  ]);
  assertEquals(starts.sort(), [
    "src/cli/launch.ts",
    "src/results/collect_provenance.ts",
    "src/sweep/worker_command.ts",
  ]);
  assertEquals(threads.sort(), [
    "src/core/runtime/worker_thread.ts",
    "src/data/folder/open_decoders.ts",
  ]);
});

slowTest(
  "sweep and verify run in a checkout with an awkward path, with LD_LIBRARY_PATH set, by a deno that is not on PATH, from a sub-folder",
  () =>
    inFolder(async (folder) => {
      const checkout = `${folder}/ü b,c%20#1?x`;
      await Deno.mkdir(`${checkout}/sub`, { recursive: true });
      const parts = ["deno.json", "deno.lock", "import_map.json", "src"];
      const { code } = await new Deno.Command("cp", {
        args: ["-r", ...parts, "fixtures", checkout],
        cwd: root,
      }).output();
      assertEquals(code, 0);
      const task = async (...args: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command(
          Deno.execPath(),
          {
            args: ["task", "--quiet", ...args],
            cwd: `${checkout}/sub`,
            clearEnv: true,
            env: {
              HOME: folder,
              NO_COLOR: "1",
              PATH: "/nowhere",
              LD_LIBRARY_PATH: folder,
              ...denoDir(),
            },
          },
        ).output();
        const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
        return { code, stdout: text(stdout), stderr: text(stderr) };
      };
      const flags = {
        ...tiny,
        ...small,
        ratios: "0",
        jobs: "1",
        out: "o.json",
      };
      const swept = await task(
        "sweep",
        ...toArgs(flags),
        "--export-weights=w,v",
      );
      assertEquals(swept.code, 0, swept.stderr);
      const [cell] = await Array.fromAsync(
        Deno.readDir(`${checkout}/sub/w,v`),
      );
      assert(cell!.isDirectory);
      const verified = await task("verify", "o.json", "--cells=all");
      assertEquals(verified.code, 0, verified.stdout + verified.stderr);
      assertMatch(verified.stdout, /1 of 1 cells run again, equal bit for bit/);
    }),
  { ignore: Deno.build.os !== "linux" },
);

/** Where packages are, so that none is downloaded. */
function denoDir(): Record<string, string> {
  const set = Deno.env.get("DENO_DIR");
  const home = Deno.env.get("XDG_CACHE_HOME") ??
    `${Deno.env.get("HOME")}/.cache`;
  return { DENO_DIR: set ?? `${home}/deno` };
}
