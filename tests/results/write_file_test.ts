import { assert, assertEquals } from "@std/assert";
import { writeFileAtomically } from "../../src/results/write_file.ts";
import { inTempDir } from "../data/_files.ts";

Deno.test("writeFileAtomically() lets several writers of one file finish, and leaves the whole content of one", () =>
  inTempDir(async (dir) => {
    const path = `${dir}/set.json`;
    const contents = Array.from(
      { length: 16 },
      (_, i) => `${i}`.repeat(100_000),
    );
    await Promise.all(
      contents.map((content) => writeFileAtomically(path, content)),
    );
    assert(contents.includes(await Deno.readTextFile(path)));
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), [
      "set.json",
    ]);
  }));

Deno.test("writeFileAtomically() leaves no part of a file that it cannot put into place", () =>
  inTempDir(async (dir) => {
    await Deno.mkdir(`${dir}/set.json`);
    const message = await writeFileAtomically(`${dir}/set.json`, "new")
      .then(() => "", (error) => (error as Error).message);
    assert(message.startsWith(`Cannot write "${dir}/set.json": `), message);
    assertEquals([...Deno.readDirSync(dir)].length, 1);
  }));
