import { assertEquals, assertMatch } from "@std/assert";
import { makeTrainingList, splitFor } from "../../src/cell/training_list.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { countRepeats } from "../../src/detection/count_repeats.ts";
import { searchDuplicates } from "../../src/detection/search_duplicates.ts";
import { readResultSet } from "../../src/results/read_result_set.ts";
import type { FinishedCell } from "../../src/results/result_set.ts";
import { requestDataset } from "../../src/sweep/request_dataset.ts";
import { inFolder } from "../sweep/tiny_sweep.ts";
import { moved, otherPng, photo, png, writeFiles } from "./_photos.ts";
import { runMain } from "./run_main.ts";

/** A photograph that is one pixel further right. */
const shifted = (row: number) => moved(photo(row), (y, x) => [y, x - 1]);

/** Photographs of two classes, 48 for training and 24 for testing. */
function plainImages(): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (let row = 0; row < 72; row++) {
    const split = row < 48 ? "train" : "test";
    files[`${split}/${row % 2 === 0 ? "cat" : "dog"}/${100 + row}.png`] = png(
      photo(row),
    );
  }
  return files;
}

/**
 * The same with planted copies: three exact ones, one with the other label, and one
 * near one among the training images, and two test images that leak.
 */
function plantedImages(): Record<string, Uint8Array> {
  return {
    ...plainImages(),
    "train/cat/900.png": png(photo(0)),
    "train/cat/901.png": otherPng(photo(2)),
    "train/dog/902.png": png(photo(4)),
    "train/dog/903.png": png(shifted(7)),
    "test/cat/904.png": png(photo(6)),
    "test/dog/905.png": png(shifted(9)),
  };
}

/** The training images that cleaning is to remove: the later of each pair. */
const planted = [
  "train/cat/900.png",
  "train/cat/901.png",
  "train/dog/902.png",
  "train/dog/903.png",
];

const short = ["--repeats=2", "--epochs=1", "--width=0.1", "--backend=wasm"];

Deno.test("study finds what was planted, trains exactly these images, repeats to the bit and answers in five lines", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/mine`, plantedImages());
    const one = await runMain(
      ["study", "mine", ...short, "--jobs=1", "-o=one.json"],
      folder,
    );
    assertEquals(one.code, 0, one.stderr);
    assertMatch(
      one.stderr,
      /^mine: 4 of 52 training images \(7\.7 %\) are duplicates of an earlier one: 3 exact, 1 near; 1 with another label\n[^]*test images with a duplicate \(exact, near or mirrored\) among the training images: 2 of 26, counted separately\n/,
    );
    const lines = one.stdout.split("\n");
    assertMatch(lines[0]!, /^Duplicates: 4 of 52 training images \(7\.7 %\)\./);
    assertMatch(lines[1]!, /^More: 4 duplicates like these, 0\.083 per image/);
    assertMatch(lines[2]!, /^Training: .* 52 as they are and 48 cleaned, so /);
    assertMatch(lines[3]!, /^Leaks: 2 of 26 test images /);
    assertMatch(lines[4]!, /^Power: 2 seeds and 24 test images detect /);
    assertEquals(lines[5], "");
    const set = await readResultSet(`${folder}/one.json`);
    await checkArms(
      set.cells as FinishedCell[],
      await loadDataset("folder", requestDataset(set.study, `${folder}/mine`)),
    );
    const two = await runMain(
      ["study", "mine", ...short, "--jobs=2", "-o=two.json", "--quiet"],
      folder,
    );
    assertEquals([two.code, two.stderr], [0, ""]);
    assertEquals(two.stdout.split("\n").slice(0, 5), lines.slice(0, 5));
    const again = await readResultSet(`${folder}/two.json`);
    assertEquals(again.digest, set.digest);
    // What is there is not trained again.
    const third = await runMain(
      ["study", "mine", ...short, "-o=one.json"],
      folder,
    );
    assertMatch(
      third.stderr,
      /\none\.json already has all runs of this study\n$/,
    );
    assertEquals(third.stdout, one.stdout);
    const verified = await runMain(
      ["verify", "one.json", "--data-dir=mine", "--cells=1", "--seed=1"],
      folder,
    );
    assertEquals(verified.code, 0, verified.stderr);
    const page = await Deno.readTextFile(`${folder}/one-report/report.html`);
    assertMatch(page, /<h1>[^<]*\b[Tt]he duplicates in these images /);
  }));

/** Which images each arm trains on, and which leaks are apart. */
async function checkArms(
  cells: readonly FinishedCell[],
  whole: Awaited<ReturnType<typeof loadDataset>>,
): Promise<void> {
  const { paths } = whole.train;
  assertEquals(whole.leaked?.paths, ["test/cat/904.png", "test/dog/905.png"]);
  assertEquals(whole.test.rows, 24);
  assertEquals(cells.length, 6);
  const arms = { asIs: 0, cleaned: 0, more: 0 };
  for (const { config, outcome } of cells) {
    assertEquals(outcome.leaked?.rows, 2);
    assertEquals(outcome.test?.rows, 24);
    const { dataset } = splitFor(config, whole);
    const list = await makeTrainingList(dataset, config);
    const trained = Array.from(list.imageRows, (row) => paths![row]);
    if (config.duplication.ratio > 0) {
      arms.more++;
      assertEquals(trained.slice(0, 52), [...paths!]);
      assertEquals(trained.length, 56);
      // Three of the four originals are cats, one has a copy with another label.
      assertEquals(config.duplication.classWeights, [3, 1]);
      assertEquals(config.duplication.conflict, 0.25);
      assertEquals(config.duplication.nearKinds, undefined);
    } else if (config.dedup !== undefined) {
      arms.cleaned++;
      assertEquals(
        trained,
        paths!.filter((path) => !planted.includes(path)),
      );
    } else {
      arms.asIs++;
      assertEquals(trained, [...paths!]);
    }
    const steps = outcome.epochs.map(({ steps }) => steps);
    assertEquals(steps, [1], "equal steps");
  }
  assertEquals(arms, { asIs: 2, cleaned: 2, more: 2 });
  assertEquals(
    await countRepeats(whole, await searchDuplicates(whole), { near: false }),
    {
      trainRows: 52,
      removed: 3,
      exact: 3,
      conflicting: 1,
      removedPerClass: [3, 0],
    },
  );
}

Deno.test("study without duplicates says so, and studies those that are to be added", () =>
  inFolder(async (folder) => {
    await writeFiles(`${folder}/clean`, plainImages());
    const none = await runMain(["study", "clean", ...short], folder);
    assertEquals(none, {
      code: 2,
      stdout: "",
      stderr:
        'No training image of "clean" has a duplicate among the 48, so there is nothing to remove: --ratio 0.1 studies the effect of added duplicates\n',
    });
    const added = await runMain(
      [
        "study",
        "clean",
        ...short.slice(1),
        "--repeats=1",
        "--ratio=0.25",
        "--jobs=1",
        "-o=a.json",
      ],
      folder,
    );
    assertEquals(added.code, 0, added.stderr);
    assertMatch(
      added.stdout,
      /^Duplicates: these runs remove none.*\nAdded: 12 copies, 0\.25 per image, are added\. /,
    );
    assertEquals((await readResultSet(`${folder}/a.json`)).cells.length, 2);
  }));

Deno.test("study refuses what it cannot study in one line, with exit code 2", () =>
  inFolder(async (folder) => {
    const all = Object.entries(plantedImages());
    const pick = (isIn: (path: string) => boolean) =>
      Object.fromEntries(all.filter(([path]) => isIn(path)));
    await writeFiles(
      `${folder}/few`,
      pick((path) => /\/(10|90|14)/.test(path)),
    );
    await writeFiles(`${folder}/one`, pick((path) => path.includes("cat")));
    await writeFiles(
      `${folder}/flat`,
      Object.fromEntries(
        all.map(([path, bytes]) => [path.replaceAll("/", "-"), bytes]),
      ),
    );
    const trained = Object.entries(plainImages()).filter(([path]) =>
      path.startsWith("train")
    );
    await writeFiles(
      `${folder}/known`,
      Object.fromEntries(trained.flatMap(([path, bytes]) => [
        [path, bytes],
        [path.replace("train", "test"), bytes],
      ])),
    );
    const test = Object.entries(plainImages()).filter(([path]) =>
      path.startsWith("test")
    );
    // Two photographs, over and over again.
    const many = Array.from({ length: 206 }, (_, row) => [
      `train/${row % 2 === 0 ? "cat" : "dog"}/${100 + row}.png`,
      png(photo(row % 2)),
    ]);
    await writeFiles(
      `${folder}/many`,
      Object.fromEntries([...many, ...test]),
    );
    const cases: [args: string[], message: RegExp][] = [
      [
        ["many"],
        /^The training images of "many" have 102 duplicates per distinct image, and a study adds at most 100: --ratio 100 adds as many\n$/,
      ],
      [["many", "--width=65"], /^--width must be at most 64, got 65\n$/],
      [["many", "--ratio=102"], /^--ratio must be at most 100, got 102\n$/],
      [
        ["known"],
        /^"known" must have at least 40 training images, and 20 test images without a duplicate among these, got 48 and 0\n$/,
      ],
      [
        ["few"],
        /^"few" must have at least 40 training images, and 20 test images without a duplicate among these, got \d+ and \d+\n$/,
      ],
      [
        ["one"],
        /^"one" must have images of at least 2 classes, got 1, "cat"\n$/,
      ],
      [["flat"], /^"flat" must have one sub-folder per class, [^\n]*\n$/],
      [[], /^Name a folder or a file of images: study FOLDER\n$/],
      [["few", "one"], /^Name one folder or file of images\n$/],
      [
        ["few", "--data-dir=one"],
        /^"few" and --data "one" both name data: give only one of them\n$/,
      ],
      [["one", "-o=a.txt"], /^--out must end in \.json, got "a\.txt"\n$/],
      [
        ["--dataset=cifar10-mini", "--image-size=48"],
        /^[^\n]*--image-size[^\n]*\n$/,
      ],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await runMain(
        ["study", ...args],
        folder,
      );
      assertMatch(stderr, message);
      assertEquals([code, stdout], [2, ""]);
    }
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(
      left,
      ["few", "flat", "known", "many", "one"],
      "nothing is written",
    );
  }));
