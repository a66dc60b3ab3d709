import { assert, assertEquals } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import { digestDataset } from "../../src/data/dataset.ts";
import { folderLimits, loadImageFolder } from "../../src/data/image_folder.ts";
import { listClassImages } from "../../src/data/list_class_images.ts";
import { loadDataset } from "../../src/data/load_dataset.ts";
import { assertRefused, fixture, inTempDir } from "./_files.ts";
import { writeGreys } from "./_write_images.ts";

/** A 32 x 32 PNG of one grey. */
function greyPng(grey: number): Uint8Array {
  const pixels = new Uint8Array(32 * 32 * 3).fill(grey);
  return encodePng({ width: 32, height: 32, pixels });
}

/** `counts[name]` images of class `name`, each with a grey of its own. */
async function writeFolder(
  dir: string,
  counts: Record<string, number>,
): Promise<void> {
  let grey = 0;
  for (const [name, count] of Object.entries(counts)) {
    await Deno.mkdir(`${dir}/${name}`);
    for (let i = 0; i < count; i++) {
      await Deno.writeFile(`${dir}/${name}/${i}.png`, greyPng(++grey));
    }
  }
}

/** The grey of each row. */
function greys({ pixels, rows }: { pixels: Uint8Array; rows: number }) {
  return Array.from({ length: rows }, (_, row) => pixels[row * 3072]!);
}

Deno.test("loadImageFolder() uses each image once, one in five of each class for testing", () =>
  inTempDir(async (dir) => {
    await writeFolder(dir, { dog: 11, ant: 4 });
    const dataset = await loadImageFolder(dir);
    assertEquals(dataset.classNames, ["ant", "dog"]);
    assertEquals(dataset.shape, [32, 32, 3]);
    const digest = digestDataset(dataset);
    assertEquals(digest.trainPerClass, [3, 9]);
    assertEquals(digest.testPerClass, [1, 2]);
    const seen = [...greys(dataset.train), ...greys(dataset.test)];
    assertEquals(
      seen.sort((a, b) => a - b),
      Array.from({ length: 15 }, (_, i) => i + 1),
    );
    // Dogs are the greys 1 to 11.
    greys(dataset.train).forEach((grey, row) => {
      assertEquals(dataset.train.labels[row], grey <= 11 ? 1 : 0);
    });
  }));

Deno.test("loadImageFolder() splits a class independently of the other classes", () =>
  inTempDir(async (dir) => {
    await writeFolder(dir, { dog: 11 });
    const alone = await loadImageFolder(dir);
    await Deno.mkdir(`${dir}/ant`);
    await Deno.writeFile(`${dir}/ant/a.png`, greyPng(100));
    await Deno.writeFile(`${dir}/ant/b.png`, greyPng(101));
    const both = await loadImageFolder(dir);
    assertEquals(
      greys(both.test).filter((grey) => grey < 100),
      greys(alone.test),
    );
    assertEquals(
      digestDataset(both).sha256,
      digestDataset(await loadDataset("folder", { dataDir: `${dir}/` })).sha256,
    );
  }));

Deno.test("loadImageFolder() reads all formats and ignores hidden names and files next to the class folders", () =>
  inTempDir(async (dir) => {
    await Deno.mkdir(`${dir}/all/`);
    await Deno.mkdir(`${dir}/.git/`);
    await Deno.writeTextFile(`${dir}/README`, "words");
    await Deno.writeTextFile(`${dir}/all/.DS_Store`, "no image");
    for (const name of ["rgb.png", "rgb.jpg", "still.gif", "lzw.tif"]) {
      await Deno.copyFile(fixture(`images/${name}`), `${dir}/all/${name}`);
    }
    const { train, test, classNames } = await loadImageFolder(dir);
    assertEquals(classNames, ["all"]);
    assertEquals([train.rows, test.rows], [3, 1]);
    assert(train.pixels.some((byte) => byte > 0));
  }));

Deno.test("loadImageFolder() follows links within the folder and refuses links out of it", () =>
  inTempDir(async (dir) => {
    await Deno.mkdir(`${dir}/set`);
    await writeFolder(`${dir}/set`, { dog: 2 });
    await Deno.symlink(`0.png`, `${dir}/set/dog/again.png`);
    assertEquals((await loadImageFolder(`${dir}/set`)).train.rows, 2);

    await Deno.writeFile(`${dir}/secret.png`, greyPng(1));
    await Deno.symlink(`../../secret.png`, `${dir}/set/dog/out.png`);
    const real = await Deno.realPath(dir);
    await assertRefused(
      () => loadImageFolder(`${dir}/set`),
      `"${dir}/set/dog/out.png" must not lead out of the data folder, got a link to "${real}/secret.png"`,
    );
    await Deno.remove(`${dir}/set/dog/out.png`);

    // A sibling whose name starts with the folder's own.
    await Deno.mkdir(`${dir}/settings`);
    await Deno.symlink(`../settings`, `${dir}/set/cat`);
    await assertRefused(
      () => loadImageFolder(`${dir}/set`),
      `"${dir}/set/cat" must not lead out of the data folder, got a link to "${real}/settings"`,
    );
    await Deno.remove(`${dir}/set/cat`);

    await Deno.symlink(`nowhere`, `${dir}/set/cat`);
    await assertRefused(
      () => loadImageFolder(`${dir}/set`),
      `"${dir}/set/cat" is absent`,
    );
  }));

Deno.test("loadImageFolder() refuses a name that is not UTF-8, a link back to a folder above and a pipe, in one line", () =>
  inTempDir(async (dir) => {
    const nested = { reading: { nestedFolders: "read" } } as const;
    await writeGreys(`${dir}/set/cat/in`, 4);
    await writeGreys(`${dir}/set/dog`, 4, { first: 5 });
    await Deno.symlink("..", `${dir}/set/cat/in/up`);
    await assertRefused(
      () => loadImageFolder(`${dir}/set`, nested),
      `"${dir}/set/cat/in/up" must not lead back to a folder that it is in`,
    );
    await Deno.remove(`${dir}/set/cat/in/up`);
    assertEquals((await loadImageFolder(`${dir}/set`, nested)).train.rows, 6);
    if (Deno.build.os !== "linux") return;
    const sh = (script: string) =>
      new Deno.Command("sh", { args: ["-c", script], cwd: dir }).output();
    await sh("mkfifo pipe.csv");
    await assertRefused(
      () => loadImageFolder(`${dir}/pipe.csv`),
      `"${dir}/pipe.csv" must be a file or a folder, got a device or pipe`,
    );
    await sh(`cp set/dog/0.png "set/dog/$(printf 'caf\\351').png"`);
    await assertRefused(
      () => loadImageFolder(`${dir}/set`, nested),
      `"${dir}/set/dog/caf\ufffd.png" has a name that is not UTF-8, by which it cannot be opened: rename it`,
    );
  }));

Deno.test("loadImageFolder() names a folder that is absent, a file, or has no class", () =>
  inTempDir(async (dir) => {
    await Deno.writeTextFile(`${dir}/file`, "");
    await assertRefused(
      () => loadImageFolder(`${dir}/no`),
      `"${dir}/no" is absent`,
    );
    await assertRefused(
      () => loadImageFolder(`${dir}/file`),
      `"${dir}/file" is not a data set: it must be a folder of images, a manifest (CSV or JSON Lines), a NumPy or a Parquet file`,
    );
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have one sub-folder per class, got none`,
    );
  }));

Deno.test("loadImageFolder() refuses a class of one image, a folder in a class and a file that is not an image", () =>
  inTempDir(async (dir) => {
    await writeFolder(dir, { dog: 1 });
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}/dog" must have at least 2 images, one to train on and one to test on, got 1`,
    );
    await Deno.mkdir(`${dir}/dog/puppies`);
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}/dog/puppies" must be an image file, got a folder; "nestedFolders" read takes its images as those of the class`,
    );
    await Deno.remove(`${dir}/dog/puppies`);
    await Deno.writeTextFile(`${dir}/dog/notes.odt`, "a dog of some kind");
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}/dog/notes.odt" must be a PNG, JPEG, GIF, WebP, AVIF, HEIC, BMP or TIFF image, got another format or a file that is cut off in its header`,
    );
  }));

Deno.test("loadImageFolder() refuses a file over the size limit before reading it", () =>
  inTempDir(async (dir) => {
    await writeFolder(dir, { dog: 2 });
    // A sparse file: it has the size and no content.
    await Deno.writeFile(`${dir}/dog/0.png`, new Uint8Array(0));
    await Deno.truncate(`${dir}/dog/0.png`, folderLimits.fileBytes + 1);
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}/dog/0.png" must have at most 67108864 bytes, got 67108865`,
    );
  }));

Deno.test("loadImageFolder() refuses a 257th class", () =>
  inTempDir(async (dir) => {
    for (let i = 0; i < 257; i++) {
      await Deno.mkdir(`${dir}/${i}`);
    }
    await assertRefused(
      () => loadImageFolder(dir),
      `"${dir}" must have at most 256 sub-folders, one per class, got more`,
    );
  }));

Deno.test("listClassImages() refuses more images than the limit, over all classes", () =>
  inTempDir(async (dir) => {
    await writeFolder(dir, { ant: 2, dog: 2 });
    await listClassImages(dir, { classes: 2, images: 4 });
    await assertRefused(
      () => listClassImages(dir, { classes: 2, images: 3 }),
      `"${dir}" must have at most 3 images, got more`,
    );
  }));
