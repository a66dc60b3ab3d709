import { assert, assertEquals, assertMatch } from "@std/assert";
import os from "node:os";
import { releaseLock, takeLock } from "../../src/core/runtime/lock_by_name.ts";
import { engine, parseUserAgent } from "../../src/core/runtime/engine.ts";
import { architecture, platform } from "../../src/core/runtime/system.ts";
import { messageOf } from "../../src/core/errors.ts";
import { fromFileUrl } from "../sweep/paths.ts";

Deno.test("engine, platform and architecture are named as Deno names them", () => {
  assertEquals(engine, { name: "Deno", version: Deno.version.deno });
  assertEquals([platform, architecture], [Deno.build.os, Deno.build.arch]);
});

// As the browsers give them; those of Edge and Safari by their vendors' documents.
const agents = {
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0":
    "Firefox 128",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":
    "Chromium 142",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.6099.10 Safari/537.36":
    "Chromium 120.0.6099.10",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.0 Safari/537.36 Edg/99.0.1150.30":
    "Chromium 99.0.4844",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15":
    undefined,
};
Deno.test("parseUserAgent() names browsers with their versions, and no others", () => {
  for (const [agent, expected] of Object.entries(agents)) {
    const found = parseUserAgent(agent);
    assertEquals(found && `${found.name} ${found.version}`, expected, agent);
  }
});

Deno.test("takeLock() takes a lock once, and again after its process has ended or given it back", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/x.lock`;
  try {
    assert(await takeLock(path));
    assert(!await takeLock(path), "this process holds it");
    releaseLock(path);
    const pid = await endedProcess();
    await Deno.writeTextFile(path, `${os.hostname()} ${pid}\n`);
    assert(await takeLock(path), "its process has ended");
    await Deno.writeTextFile(path, `elsewhere ${pid}\n`);
    assert(!await takeLock(path), "a process of another machine");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
      "x.lock",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("takeLock() gives a lock whose process has ended to one of those that take it over at a time", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const pid = await endedProcess();
    for (let round = 0; round < 20; round++) {
      const path = `${folder}/${round}.lock`;
      await Deno.writeTextFile(path, `${os.hostname()} ${pid}\n`);
      // As if the one before had been killed while it took the lock over.
      await Deno.writeTextFile(`${path}.turn`, `${os.hostname()} ${pid}\n`);
      const taken = await Promise.all(
        Array.from({ length: 8 }, () => takeLock(path)),
      );
      assertEquals(taken.filter((own) => own).length, 1, `round ${round}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("takeLock() takes over a lock that names no process, unless it is new", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/x.lock`;
  try {
    for (const text of ["", os.hostname(), "\0\0\0\0"]) {
      await Deno.writeTextFile(path, text);
      assert(!await takeLock(path), "its process may be writing it");
      const before = new Date(Date.now() - 60_000);
      await Deno.utime(path, before, before);
      assert(await takeLock(path), "its process was killed");
      releaseLock(path);
    }
    await Deno.symlink(`${folder}/nowhere`, path);
    assert(!await takeLock(path), "a link that leads nowhere");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The id of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["--version"],
    stdout: "null",
  }).spawn();
  await child.status;
  return child.pid;
}

Deno.test("messageOf() leaves the system's code out, and nothing else", () => {
  assertEquals(
    messageOf(new Error("ENOENT: no such file or directory, stat 'a'")),
    "No such file or directory, stat 'a'",
  );
  assertEquals(messageOf(new Error("ENOENT: A")), "ENOENT: A");
});

Deno.test({
  name:
    "printLine() says in one line that standard output is full, and goes on where standard error is",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const entry = fromFileUrl(
      new URL("../../src/cli/entry.ts", import.meta.url),
    );
    /** What a command gives whose stream takes as much as a full disk does. */
    const run = async (target: 1 | 2, ...words: string[]) => {
      const script = `exec "$0" run --no-check -A "$@" ${target}> /dev/full`;
      const { code, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-c", script, Deno.execPath(), entry, ...words],
      }).output();
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, out: decode(stdout), err: decode(stderr) };
    };
    const { code, err } = await run(1, "--version");
    assertEquals(code, 2);
    assertMatch(
      err,
      /^Cannot write to standard output: No space left on device.*\n$/,
    );
    // Its error cannot be told; its exit code can.
    assertEquals(await run(2, "swep"), { code: 2, out: "", err: "" });
  },
});
