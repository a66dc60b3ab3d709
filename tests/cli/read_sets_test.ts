import { assertEquals, assertMatch } from "@std/assert";
import { pathOfRecorded } from "../recorded_sets.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { runMain } from "./run_main.ts";

const recorded = pathOfRecorded("quick-1e218e0d.json");

/** Commands on several files, without the files and without what they write. */
const commands: readonly [name: string, ...words: string[]][] = [
  ["analyse", "--out=new"],
  ["merge", "--out=new.json"],
  ["report", "--out=new", "--no-examples"],
];

for (const [name, ...words] of commands) {
  Deno.test(`${name} refuses one result set twice, by any path, as a copy or in a crate, in one line and writes nothing`, () =>
    inFolder(async (folder) => {
      await Deno.copyFile(recorded, `${folder}/a.json`);
      await Deno.copyFile(recorded, `${folder}/copy.json`);
      await Deno.symlink("a.json", `${folder}/link.json`);
      const crate = await runMain(
        ["export", "a.json", "--format=ro-crate", "--out=a.zip"],
        folder,
      );
      assertEquals(crate.code, 0, crate.stderr);
      for (
        const [other, line] of [
          ["a.json", '"a.json" is named twice: name each file once'],
          ...["./a.json", "copy.json", "link.json", "a.zip"].map((path) => [
            path,
            `"${path}" has the same content as "a.json": name one of them`,
          ]),
        ] as [string, string][]
      ) {
        assertEquals(
          await runMain([name, "a.json", other, ...words], folder),
          { code: 2, stdout: "", stderr: `${line}\n` },
        );
      }
      assertEquals(
        [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
        ["a.json", "a.zip", "copy.json", "link.json"],
      );
    }));
}

Deno.test("commands say in one line what an analysis is where no result set is named", () =>
  inFolder(async (folder) => {
    const { code } = await runMain(["analyse", recorded, "-o", "mine"], folder);
    assertEquals(code, 0);
    for (
      const words of [
        ...commands,
        ["page", "--out=new.html"],
        ["export", "--format=csv", "--out=new.csv"],
        ["verify"],
      ]
    ) {
      const run = (...files: string[]) =>
        runMain([words[0]!, ...files, ...words.slice(1)], folder);
      assertEquals(await run("mine.json"), {
        code: 2,
        stdout: "",
        stderr:
          '"mine.json" is an analysis: name the result set that it was made from\n',
      });
    }
    for (const command of ["analyse", "merge", "report", "verify"]) {
      const { code, stdout, stderr } = await runMain(
        [command, "mine.json", "mine.json"],
        folder,
      );
      assertEquals([code, stdout], [2, ""]);
      assertMatch(
        stderr,
        /^At least one of the 2 files must be a result set, got analyses\n$/,
      );
    }
  }));

Deno.test("a file that cannot be read is said in one line, whatever was skipped before it", () =>
  inFolder(async (folder) => {
    await runMain(["analyse", recorded, "-o", "mine"], folder);
    const { code, stderr } = await runMain(
      ["report", "mine.json", recorded, "none.json"],
      folder,
    );
    assertEquals(code, 2);
    assertMatch(stderr, /^Cannot read the result set "none\.json": [^\n]*\n$/);
  }));
