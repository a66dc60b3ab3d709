import { assertEquals } from "@std/assert";
import { pathOfRecorded } from "../recorded_sets.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { photo, png, writeFiles } from "./_photos.ts";
import { runMain } from "./run_main.ts";

const set = pathOfRecorded("quick-1e218e0d.json");
const tiny = ["sweep", "--limit-train=10", "--limit-test=10"];
const duplicates = ["duplicates", "photos", "--keep=first"];

/** Calls that name the file `taken` where a folder is to be, and their answers. */
const calls: readonly [words: string[], start: string][] = [
  [[...tiny, "--out=taken/x.json"], 'Cannot make folder "taken"'],
  [
    [...tiny, "--out=x.json", "--export-weights=taken"],
    'Cannot make folder "taken"',
  ],
  [
    [...tiny, "--out=x.json", "--cache=taken"],
    "Cannot make the folder of --cache",
  ],
  [["merge", set, "--out=taken/x.json"], 'Cannot write "taken/x.json"'],
  [["gaussian", "--out=taken/x.json"], 'Cannot write "taken/x.json"'],
  [["page", set, "--out=taken/x.html"], 'Cannot write "taken/x.html"'],
  [["analyse", set, "--out=taken/y/x"], 'Cannot write "taken/y/x.json"'],
  [["report", set, "--out=taken"], 'Cannot write "taken/report.html"'],
  [
    ["compare", set, set, "--out=taken"],
    'Cannot write "taken/comparison.json"',
  ],
  [
    ["export", set, "--format=csv", "--out=taken/x.csv"],
    'Cannot write "taken/x.csv"',
  ],
  [
    [...duplicates, "--remove-list=taken/x.csv"],
    'Cannot write "taken/x.csv"',
  ],
  [[...duplicates, "--cleaned=taken/x.csv"], 'Cannot write "taken/x.csv"'],
  [[...duplicates, "--move=taken"], "Cannot make the folder of --move"],
  [[...duplicates, "--html=taken/x"], "Cannot make the folder of --html"],
  [["data", "photos", "--cache=taken/x"], "Cannot make the folder of --cache"],
  [
    ["study", "photos", "--cache=taken", "--out=x.json"],
    "Cannot make the folder of --cache",
  ],
];

Deno.test("commands say in one line, before their work, that a file is where a folder is to be, and write nothing", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/photos`, {
      "train/cat/a.png": png(photo(0)),
      "test/cat/b.png": png(photo(1)),
    });
    await Deno.writeTextFile(`${folder}/taken`, "mine");
    for (const [words, start] of calls) {
      assertEquals(await runMain(words, folder), {
        code: 2,
        stdout: "",
        stderr: `${start}: "taken" is not a folder\n`,
      }, words.join(" "));
    }
    assertEquals(await Deno.readTextFile(`${folder}/taken`), "mine");
    assertEquals(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["photos", "taken"],
    );
  }));
