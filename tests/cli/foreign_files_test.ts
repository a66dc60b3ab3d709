import { assertEquals, assertMatch } from "@std/assert";
import { pathOfRecorded } from "../recorded_sets.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { runMain } from "./run_main.ts";

const set = pathOfRecorded("quick-1e218e0d.json");
const other = pathOfRecorded("corrected-adversarial-mini.json");
const croissant = ["--author=A", "--url=https://example.org/"];

/** Commands that write files, each with those files that are most likely another's. */
const commands: readonly [words: string[], files: string[]][] = [
  [["compare", set, set, "--out=."], ["comparison.json", "comparison.csv"]],
  [["export", set, "--format=csv", "--out=a.csv"], ["a.csv", "a-classes.csv"]],
  [
    ["export", set, "--format=parquet", "--out=a.parquet"],
    ["a.parquet", "a-classes.parquet"],
  ],
  [["export", set, "--format=ro-crate", "--out=a.zip"], ["a.zip"]],
  [
    [
      "export",
      set,
      "--format=croissant",
      "--out=a-croissant.json",
      ...croissant,
    ],
    ["a-croissant.json", "a.csv", "a-classes.csv", "a.json"],
  ],
  [
    ["report", set, "--no-examples", "--out=."],
    ["report.html", "report.md", "series.csv", "classes.csv"],
  ],
  [["page", set, "--cells=36597e5d", "--out=a.html"], ["a.html"]],
  [
    ["gaussian", "--seeds=1", "--balanced=0,9", "--biased=0,9", "--out=a.json"],
    ["a.json", "a.md", "a.svg"],
  ],
];

for (const [words, files] of commands) {
  Deno.test(
    `${words[0]} ${
      words.find((word) => /^--format/.test(word)) ?? ""
    } replaces its own files, and refuses to replace others in one line`,
    () =>
      inFolder(async (folder) => {
        const sound = await Deno.readTextFile(other);
        for (const name of files) {
          for (const text of ["mine\n", "", sound]) {
            await Deno.writeTextFile(`${folder}/${name}`, text);
            const { code, stdout, stderr } = await runMain(words, folder);
            assertEquals([code, stdout], [2, ""], name);
            assertMatch(
              stderr,
              /^".*" is .* and is not replaced: choose another --out, or move the file away\n$/,
            );
            assertEquals(stderr.includes(`"${name}"`), true, stderr);
            assertEquals(
              [...Deno.readDirSync(folder)].map(({ name }) => name),
              [name],
            );
            assertEquals(await Deno.readTextFile(`${folder}/${name}`), text);
          }
          await Deno.remove(`${folder}/${name}`);
        }
        for (const time of ["first", "second"]) {
          const { code, stderr } = await runMain(words, folder);
          assertEquals(code, 0, `${time}: ${stderr}`);
        }
        const [first, foreign] = files;
        await Deno.remove(`${folder}/${first}`);
        const again = await runMain(words, folder);
        assertEquals(again.code, 0, `without ${first}: ${again.stderr}`);
        // Where its first file is gone, another may be somebody else's.
        if (foreign === undefined) return;
        await Deno.remove(`${folder}/${first}`);
        await Deno.writeTextFile(`${folder}/${foreign}`, "mine\n");
        const { code, stderr } = await runMain(words, folder);
        assertEquals(code, 2);
        assertEquals(stderr.includes(`"${foreign}" is not`), true, stderr);
        assertEquals(await Deno.readTextFile(`${folder}/${foreign}`), "mine\n");
      }),
  );
}

Deno.test("report knows a table without content by its other files, and no drawing of others by its name", () =>
  inFolder(async (folder) => {
    const report = ["report", set, "--no-examples", "--out=."];
    assertEquals((await runMain(report, folder)).code, 0);
    await Deno.remove(`${folder}/report.html`);
    await Deno.writeTextFile(`${folder}/classes.csv`, "");
    const again = await runMain(report, folder);
    assertEquals(again.code, 0, again.stderr);
    await Deno.remove(`${folder}/report.html`);
    const drawing = `${folder}/figures/effects.svg`;
    await Deno.writeTextFile(drawing, "<svg/>");
    const { code, stderr } = await runMain(report, folder);
    assertEquals(code, 2);
    assertMatch(
      stderr,
      /^"figures\/effects.svg" is not of a report and is not /,
    );
    assertEquals(await Deno.readTextFile(drawing), "<svg/>");
  }));

Deno.test("report writes its page first, by which it knows the files of a report that was not finished", () =>
  inFolder(async (folder) => {
    const report = ["report", set, "--no-examples", "--out=."];
    await Deno.writeTextFile(`${folder}/figures`, "in the way");
    const failed = await runMain(report, folder);
    assertEquals(failed.code, 2);
    assertMatch(failed.stderr, /^Cannot write "figures\//);
    assertEquals(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["figures", "report.html"],
    );
    await Deno.remove(`${folder}/figures`);
    await Deno.writeTextFile(`${folder}/series.csv`, "study,model\r\n");
    const { code, stderr } = await runMain(report, folder);
    assertEquals(code, 0, stderr);
  }));
