import { assertEquals } from "@std/assert";
import { pathOfRecorded } from "../recorded_sets.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { photo, png, writeFiles } from "./_photos.ts";
import { runMain } from "./run_main.ts";

const set = pathOfRecorded("quick-1e218e0d.json");

/** Commands that write a file, each with the ending of its name. */
const commands: readonly [words: string[], ending: string][] = [
  [["sweep", "--limit-train=10", "--limit-test=10"], ".json"],
  [["merge", set], ".json"],
  [["gaussian", "--seeds=1"], ".json"],
  [["page", set], ".html"],
  [["analyse", set], ".json"],
  [["analyse", set], ".md"],
  [["export", set, "--format=csv"], ".csv"],
  [["export", set, "--format=parquet"], ".parquet"],
  [["export", set, "--format=ro-crate"], ".zip"],
];

for (const [words, ending] of commands) {
  Deno.test(`${words[0]} refuses ${ending} without a name before it in one line, and writes nothing`, () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/new`);
      for (const out of [ending, `new/${ending}`, `./..${ending}`]) {
        assertEquals(await runMain([...words, "-o", out], folder), {
          code: 2,
          stdout: "",
          stderr: `--out must have a name before ${ending}, got "${out}"\n`,
        });
      }
      assertEquals([...Deno.readDirSync(folder)].length, 1);
      assertEquals([...Deno.readDirSync(`${folder}/new`)].length, 0);
    }));
}

Deno.test("analyse takes neither the current folder nor the one above it as the name of its files", () =>
  inFolder(async (folder) => {
    for (const out of [".", "..", "x/.", "x/"]) {
      assertEquals(await runMain(["analyse", set, "-o", out], folder), {
        code: 2,
        stdout: "",
        stderr: `--out must name files, not a folder, got "${out}"\n`,
      });
    }
    assertEquals([...Deno.readDirSync(folder)].length, 0);
  }));

Deno.test("study and duplicates refuse an ending without a name before they read images", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, { "cat/a.png": png(photo(0)) });
    const before = [...Deno.readDirSync(folder)].length;
    for (
      const [words, flag, path] of [
        [["study", "photos"], "out", ".json"],
        [["duplicates", "photos", "--keep=first"], "cleaned", ".csv"],
        [["duplicates", "photos", "--keep=first"], "cleaned", "x/.JSONL"],
        [["duplicates", "photos", "--keep=first"], "remove-list", ".txt"],
      ] as const
    ) {
      const ending = path.replace(/.*\//, "").toLowerCase();
      assertEquals(await runMain([...words, `--${flag}=${path}`], folder), {
        code: 2,
        stdout: "",
        stderr: `--${flag} must have a name before ${ending}, got "${path}"\n`,
      });
    }
    assertEquals([...Deno.readDirSync(folder)].length, before);
  }));
