import { openStream, permutation } from "../core/stream.ts";
import { fileFault } from "./_file_fault.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { decodeImage, maxPixels } from "./decode_image.ts";
import { type ClassImages, listClassImages } from "./list_class_images.ts";
import { readBytes } from "./read_bytes.ts";
import { resizeArea } from "./resize_area.ts";

/** Limits of an image folder, so that a wrong one fails early. */
export const folderLimits = {
  /** Number of classes: a label is one byte. */
  classes: 256,
  /** Number of images in total: 300 MB once decoded. */
  images: 100_000,
  /** Size of a file in bytes. */
  fileBytes: 2 ** 24,
  /** Number of pixels of an image. */
  pixels: maxPixels,
} as const;

/**
 * Seed of the split of an image folder: a property of the data and not of a run,
 * as that of a subset.
 */
export const splitSeed = 0;

/** One of so many images is in the test split. */
const testShare = 5;

const side = 32;

/**
 * Loads a folder with one sub-folder of images per class. Every image is resized
 * to 32 x 32 by area averaging. Of each class, one image in five (rounded down,
 * at least one) is for testing, chosen by a seeded draw that depends only on the
 * name of the class and its number of images.
 *
 * @param dir The folder.
 * @throws {UsageError} If the folder or an image in it cannot be read or exceeds
 * {@linkcode folderLimits}, or a class has fewer than two images.
 */
export async function loadImageFolder(dir: string): Promise<Dataset> {
  const classes = await listClassImages(dir, folderLimits);
  const train: Row[] = [];
  const test: Row[] = [];
  classes.forEach((one, label) => {
    const { trainPaths, testPaths } = splitClass(dir, one);
    train.push(...trainPaths.map((path) => ({ path, label })));
    test.push(...testPaths.map((path) => ({ path, label })));
  });
  return {
    name: "folder",
    shape: [side, side, 3],
    classNames: classes.map(({ name }) => name),
    train: await loadRows(train),
    test: await loadRows(test),
  };
}

interface Row {
  readonly path: string;
  readonly label: number;
}

function splitClass(dir: string, { name, paths }: ClassImages) {
  if (paths.length < 2) {
    throw fileFault(
      `${dir}/${name}`,
      `must have at least 2 images, one to train on and one to test on, got ${paths.length}`,
    );
  }
  const tests = Math.max(1, Math.floor(paths.length / testShare));
  const order = permutation(
    paths.length,
    openStream(splitSeed, "split", "folder", name),
  );
  const chosen = new Set(order.subarray(0, tests));
  return {
    trainPaths: paths.filter((_, at) => !chosen.has(at)),
    testPaths: paths.filter((_, at) => chosen.has(at)),
  };
}

async function loadRows(rows: readonly Row[]): Promise<LabelledImages> {
  const pixels = new Uint8Array(rows.length * side * side * 3);
  const labels = Uint8Array.from(rows, ({ label }) => label);
  for (const [at, { path }] of rows.entries()) {
    const bytes = await readBytes(path, { limitBytes: folderLimits.fileBytes });
    const image = await decodeImage(bytes, {
      path,
      limitPixels: folderLimits.pixels,
    });
    pixels.set(resizeArea(image, side), at * side * side * 3);
  }
  return { pixels, labels, rows: rows.length };
}
