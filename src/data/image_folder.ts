import { openStream, permutation } from "../core/stream.ts";
import { fileFault } from "./_file_fault.ts";
import { duplicateRoots } from "../detection/search/duplicate_roots.ts";
import { renewedFields } from "../spec/renewed_fields.ts";
import type { SplitRule } from "../spec/splits.ts";
import type { Dataset, LabelledImages } from "./dataset.ts";
import { decodeImage, maxPixels } from "./decode_image.ts";
import { type ClassImages, listClassImages } from "./list_class_images.ts";
import { selectRows } from "./limit_rows.ts";
import { readBytes } from "./read_bytes.ts";
import { resizeArea } from "./resize_area.ts";
import { splitGroups } from "./split_groups.ts";

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
 * name of the class and its number of images and, where groups are kept whole, on
 * which images are duplicates of each other; see `splitGroups`.
 *
 * @param dir The folder.
 * @param options `split`: whether duplicates, exact, near or mirrored, are kept on
 * one side; default `groups`.
 * @throws {UsageError} If the folder or an image in it cannot be read or exceeds
 * {@linkcode folderLimits}, or a class has fewer than two images.
 */
export async function loadImageFolder(
  dir: string,
  { split = renewedFields.split.current }: { split?: SplitRule | undefined } =
    {},
): Promise<Dataset> {
  const classes = await listClassImages(dir, folderLimits);
  for (const { name, paths: { length } } of classes) {
    if (length >= 2) continue;
    throw fileFault(
      `${dir}/${name}`,
      `must have at least 2 images, one to train on and one to test on, got ${length}`,
    );
  }
  const all = await loadRows(
    dir,
    classes.flatMap(({ paths }, label) =>
      paths.map((path) => ({ path, label }))
    ),
  );
  const shape = [side, side, 3] as const;
  const isTest = splitGroups({
    ...drawTests(classes),
    labels: all.labels,
    groups: split === "groups"
      ? await duplicateRoots(all, shape, { bothOrders: true })
      : allRows(all.rows),
  });
  const select = (test: boolean) =>
    selectRows(all, allRows(all.rows).filter((row) => isTest[row] === test));
  return {
    name: "folder",
    shape,
    classNames: classes.map(({ name }) => name),
    train: select(false),
    test: select(true),
  };
}

interface Row {
  readonly path: string;
  readonly label: number;
}

/** The order in which each class draws its test images, and how many. */
function drawTests(
  classes: readonly ClassImages[],
): { orders: Uint32Array[]; quotas: number[] } {
  let first = 0;
  const orders = classes.map(({ name, paths: { length } }) => {
    const stream = openStream(splitSeed, "split", "folder", name);
    const order = permutation(length, stream).map((row) => first + row);
    first += length;
    return order;
  });
  const quotas = orders.map(({ length }) =>
    Math.max(1, Math.floor(length / testShare))
  );
  return { orders, quotas };
}

function allRows(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

async function loadRows(
  dir: string,
  rows: readonly Row[],
): Promise<LabelledImages> {
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
  const paths = rows.map(({ path }) => path.slice(dir.length + 1));
  return { pixels, labels, rows: rows.length, paths };
}
