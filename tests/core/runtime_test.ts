import { assert, assertEquals } from "@std/assert";
import os from "node:os";
import { releaseLock, takeLock } from "../../src/core/runtime/lock_by_name.ts";
import { engine } from "../../src/core/runtime/engine.ts";
import { architecture, platform } from "../../src/core/runtime/system.ts";
import { messageOf } from "../../src/core/errors.ts";

Deno.test("engine, platform and architecture are named as Deno names them", () => {
  assertEquals(engine, { name: "Deno", version: Deno.version.deno });
  assertEquals([platform, architecture], [Deno.build.os, Deno.build.arch]);
});

Deno.test("takeLock() takes a lock once, and again after its process has ended or given it back", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/x.lock`;
  try {
    assert(await takeLock(path));
    assert(!await takeLock(path), "this process holds it");
    releaseLock(path);
    const ended = new Deno.Command(Deno.execPath(), { args: ["--version"] })
      .spawn();
    await ended.status;
    await Deno.writeTextFile(path, `${os.hostname()} ${ended.pid}\n`);
    assert(await takeLock(path), "its process has ended");
    await Deno.writeTextFile(path, `elsewhere ${ended.pid}\n`);
    assert(!await takeLock(path), "a process of another machine");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("messageOf() leaves the system's code out, and nothing else", () => {
  assertEquals(
    messageOf(new Error("ENOENT: no such file or directory, stat 'a'")),
    "No such file or directory, stat 'a'",
  );
  assertEquals(messageOf(new Error("ENOENT: A")), "ENOENT: A");
});
