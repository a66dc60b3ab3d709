import { assertEquals } from "@std/assert";
import type { Dataset } from "../../src/data/dataset.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { assertRefused, inTempDir } from "./_files.ts";
import { writeGreys } from "./_write_images.ts";

/** Rows of both splits as `path class grey`, for folders of plain greys. */
function rowsOf({ train, test, classNames }: Dataset) {
  return [train, test].map(({ paths, labels, pixels, rows }) =>
    Array.from(
      { length: rows },
      (_, row) =>
        `${paths![row]} ${classNames[labels[row]!]} ${pixels[row * 3072]}`,
    )
  );
}

Deno.test("loadImageFolder() takes train and test folders with class folders as they are", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/train/cat`, 2, { first: 10 });
    await writeGreys(`${dir}/train/dog`, 1, { first: 20 });
    await writeGreys(`${dir}/test/dog`, 2, { first: 30 });
    const dataset = await loadImageFolder(dir);
    assertEquals(rowsOf(dataset), [
      [
        "train/cat/0.png cat 10",
        "train/cat/1.png cat 11",
        "train/dog/0.png dog 20",
      ],
      ["test/dog/0.png dog 30", "test/dog/1.png dog 31"],
    ]);
    assertEquals(dataset.reading, {
      layout: "split folders",
      comesSplit: true,
      leftOut: {},
      skipped: [],
    });
  }));

for (const name of ["val", "valid", "Validation"]) {
  Deno.test(`loadImageFolder() tests on ${name} where there is no test, and leaves it out otherwise`, () =>
    inTempDir(async (dir) => {
      await writeGreys(`${dir}/train/cat`, 2, { first: 10 });
      await writeGreys(`${dir}/${name}/cat`, 3, { first: 20 });
      const [, tested] = rowsOf(await loadImageFolder(dir));
      assertEquals(
        tested,
        [0, 1, 2].map((i) => `${name}/cat/${i}.png cat ${20 + i}`),
      );
      await writeGreys(`${dir}/test/cat`, 1, { first: 30 });
      const dataset = await loadImageFolder(dir);
      assertEquals(rowsOf(dataset)[1], ["test/cat/0.png cat 30"]);
      assertEquals(dataset.reading!.leftOut, {
        [`for validation (${name})`]: 3,
      });
    }));
}

Deno.test("loadImageFolder() splits a lone train folder with class folders", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/train/cat`, 10);
    const { train, test, reading, classNames } = await loadImageFolder(dir, {
      split: "images",
    });
    assertEquals([train.rows, test.rows, classNames], [8, 2, ["cat"]]);
    assertEquals(reading!.comesSplit, false);
  }));

Deno.test("loadImageFolder() refuses splits that hold no class folders, and takes them without labels", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/train`, 3, { first: 10 });
    await writeGreys(`${dir}/test`, 2, { first: 20 });
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have one sub-folder per class in "train", got 3 files without class folders; a manifest, a CSV or JSON Lines file of path, label and split, can label them`,
    );
    const dataset = await loadImageFolder(dir, { unlabelled: true });
    assertEquals(dataset.classNames, ["(no label)"]);
    assertEquals([dataset.train.rows, dataset.test.rows], [3, 2]);
  }));

Deno.test("loadImageFolder() takes test images of other classes and of none where labels do not matter", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/classes/train/cat`, 1, { first: 10 });
    await writeGreys(`${dir}/classes/test/ant`, 1, { first: 20 });
    await writeGreys(`${dir}/classes/test/cat`, 1, { first: 30 });
    await writeGreys(`${dir}/flat/train/cat`, 1, { first: 40 });
    await writeGreys(`${dir}/flat/test`, 1, { first: 50 });
    const load = async (name: string) =>
      rowsOf(await loadImageFolder(`${dir}/${name}`, { unlabelled: true }));
    assertEquals(await load("classes"), [
      ["train/cat/0.png cat 10"],
      ["test/ant/0.png ant 20", "test/cat/0.png cat 30"],
    ]);
    assertEquals(await load("flat"), [
      ["train/cat/0.png cat 40"],
      ["test/0.png (no label) 50"],
    ]);
  }));

Deno.test("loadImageFolder() takes images next to class folders where labels do not matter, and no other files", () =>
  inTempDir(async (dir) => {
    const load = async (name: string, unlabelled: boolean) => {
      const dataset = await loadImageFolder(`${dir}/${name}`, {
        unlabelled,
        split: "images",
      });
      const { train, test, reading } = dataset;
      return [
        [...train.paths!, ...test.paths ?? []].toSorted(),
        dataset.classNames,
        reading!.leftOut,
      ];
    };
    const film = new Uint8Array(9000).fill(1);
    await writeGreys(`${dir}/camera/2019`, 2, { first: 10 });
    await writeGreys(`${dir}/camera`, 1, { first: 20 });
    await Deno.writeFile(`${dir}/camera/film.mov`, film);
    const inside = ["2019/0.png", "2019/1.png"];
    assertEquals(await load("camera", true), [
      ["0.png", ...inside],
      ["2019", "(no label)"],
      { "next to the class folders": 1 },
    ]);
    assertEquals(await load("camera", false), [
      inside,
      ["2019"],
      { "next to the class folders": 2 },
    ]);
    await writeGreys(`${dir}/split/train/cat`, 1, { first: 30 });
    await writeGreys(`${dir}/split/train`, 1, { first: 40 });
    await writeGreys(`${dir}/split/test/cat`, 1, { first: 50 });
    await Deno.writeFile(`${dir}/split/train/film.mov`, film);
    assertEquals(await load("split", true), [
      ["test/cat/0.png", "train/0.png", "train/cat/0.png"],
      ["cat", "(no label)"],
      { "next to the class folders": 1 },
    ]);
  }));

Deno.test("loadImageFolder() takes images for validation, too, where it is to take all", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/train/cat`, 1, { first: 10 });
    await writeGreys(`${dir}/val/cat`, 1, { first: 20 });
    await writeGreys(`${dir}/test/cat`, 1, { first: 30 });
    const dataset = await loadImageFolder(dir, {
      unlabelled: true,
      whole: true,
    });
    assertEquals(rowsOf(dataset).map((rows) => rows.toSorted()), [
      [
        "test/cat/0.png cat 30",
        "train/cat/0.png cat 10",
        "val/cat/0.png cat 20",
      ],
      [],
    ]);
    assertEquals(dataset.reading!.leftOut, {});
  }));

Deno.test("loadImageFolder() refuses splits without train, twice, or with a class that is not trained on", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/val/cat`, 2);
    await writeGreys(`${dir}/test/cat`, 2);
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have a folder "train", got "test" and "val" only`,
    );
    await writeGreys(`${dir}/train/cat`, 2);
    await writeGreys(`${dir}/test/emu`, 1);
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}/test/emu" must be a class that is trained on: cat`,
    );
    await writeGreys(`${dir}/valid/cat`, 1);
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have one folder per split, got "val" and "valid"`,
    );
  }));

Deno.test("loadImageFolder() takes classes that are named like splits next to others", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/train`, 2, { first: 10 });
    await writeGreys(`${dir}/bus`, 2, { first: 20 });
    assertEquals((await loadImageFolder(dir)).classNames, ["bus", "train"]);
  }));

Deno.test("loadImageFolder() refuses a flat folder, and takes it without labels", () =>
  inTempDir(async (dir) => {
    await writeGreys(dir, 3, { first: 10 });
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have one sub-folder per class, got 3 files without labels; a manifest, a CSV or JSON Lines file of path and label, can label them`,
    );
    const dataset = await loadImageFolder(dir, { unlabelled: true });
    assertEquals(rowsOf(dataset), [
      [0, 1, 2].map((i) => `${i}.png (no label) ${10 + i}`),
      [],
    ]);
  }));

Deno.test("loadImageFolder() reads folders below a class if asked", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/cat`, 1, { first: 10 });
    await writeGreys(`${dir}/cat/indoors/2024`, 2, { first: 20 });
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}/cat/indoors" must be an image file, got a folder; "nestedFolders" read takes its images as those of the class`,
    );
    const dataset = await loadImageFolder(dir, {
      split: "images",
      reading: { nestedFolders: "read" },
    });
    assertEquals(rowsOf(dataset).flat().sort(), [
      "cat/0.png cat 10",
      "cat/indoors/2024/0.png cat 20",
      "cat/indoors/2024/1.png cat 21",
    ]);
  }));

Deno.test("loadImageFolder() names a class of a split that has too few images, and no folder that is not there", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/train/cat`, 2);
    await Deno.mkdir(`${dir}/train/dog`);
    await writeGreys(`${dir}/test/cat`, 1, { first: 9 });
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have an image of the class "dog" to train on, got none`,
    );
    await Deno.remove(`${dir}/test`, { recursive: true });
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have at least 2 images of the class "dog", one to train on and one to test on, got 0`,
    );
  }));
