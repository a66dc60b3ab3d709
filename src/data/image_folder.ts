import { renewedFields } from "../spec/renewed_fields.ts";
import type { Reading } from "../spec/reading.ts";
import type { SplitRule } from "../spec/splits.ts";
import { fileFault } from "./_file_fault.ts";
import { duplicateRoots } from "../detection/search/duplicate_roots.ts";
import type { PixelCache } from "./cache/pixel_cache.ts";
import type { Dataset, LabelledImages, Split } from "./dataset.ts";
import { drawTests } from "./folder/draw_tests.ts";
import { folderLimits } from "./folder/folder_limits.ts";
import type { FolderListing } from "./folder/folder_listing.ts";
import { listArrayFile } from "./folder/list_array_file.ts";
import { listFolder } from "./folder/list_folder.ts";
import { listManifest } from "./folder/list_manifest.ts";
import { recogniseLayout } from "./folder/recognise_layout.ts";
import { type LoadListener, readImages } from "./folder/read_images.ts";
import { selectRows } from "./limit_rows.ts";
import { splitGroups } from "./split_groups.ts";

export { folderLimits } from "./folder/folder_limits.ts";
export { splitSeed } from "./folder/draw_tests.ts";

/** How a folder becomes a data set. */
export interface ImageFolderOptions {
  /**
   * Whether duplicates, exact, near or mirrored, are kept on one side, where the
   * folder does not come split; default `groups`.
   */
  readonly split?: SplitRule | undefined;
  /** How its images are read. */
  readonly reading?: Reading | undefined;
  /**
   * Whether labels do not matter, as to find duplicates: images without any are
   * taken, as of one class, a class may have one image or none, and one that is
   * tested need not be trained on; default: no.
   */
  readonly unlabelled?: boolean | undefined;
  /**
   * Whether all images are training images, those for validation too, in the order
   * in which the folder or the file has them; default: no.
   */
  readonly whole?: boolean | undefined;
  /** Keeps decoded images between runs; default: nothing is kept. */
  readonly cache?: PixelCache | undefined;
  /** Told how many images are read, of how many; waited for. */
  readonly onProgress?: LoadListener | undefined;
}

/**
 * Loads a folder of images: class folders, `train/`, `val/` and `test/` with class
 * folders, a manifest, NumPy or Parquet files; see `recogniseLayout`. Every image is resized to 32 x 32 by
 * area averaging, if `reading` does not say otherwise. Where the images do not
 * come split, one image in five of each class (rounded down, at least one) is for
 * testing, chosen by a seeded draw that depends only on the name of the class and
 * its number of images and, where groups are kept whole, on which images are
 * duplicates of each other; see `splitGroups`.
 *
 * @param dir The folder or file.
 * @throws {UsageError} If the folder or an image in it cannot be read or exceeds
 * {@linkcode folderLimits}, or a class has too few images.
 */
export async function loadImageFolder(
  dir: string,
  {
    split = renewedFields.split.current,
    reading = {},
    unlabelled = false,
    whole = false,
    cache,
    onProgress,
  }: ImageFolderOptions = {},
): Promise<Dataset> {
  const recognised = await recogniseLayout(dir);
  const how = { ...reading, limits: folderLimits, unlabelled, whole };
  const listing = recognised === "manifest"
    ? await listManifest(dir, how)
    : recognised === "folder"
    ? await listFolder(dir, how)
    : await listArrayFile(dir, { ...how, layout: recognised });
  requireImages(dir, listing, { images: listing.images, unlabelled });
  const { shape, images, pixels, skipped } = await readImages(listing.images, {
    folder: dir,
    reading,
    cache,
    onProgress,
  });
  requireImages(dir, listing, { images, unlabelled });
  const { classNames, layout, comesSplit, leftOut } = listing;
  const all: LabelledImages = {
    pixels,
    labels: Uint8Array.from(images, ({ label }) => label),
    rows: images.length,
    // What is in an array file has no file of its own.
    [layout === "array file" ? "items" : "paths"]: images.map(({ name }) =>
      name
    ),
  };
  const isTest = whole
    ? images.map(() => false)
    : comesSplit
    ? images.map((image) => image.split === "test")
    : splitGroups({
      ...drawTests(all.labels, classNames),
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
    classNames,
    train: select(false),
    test: select(true),
    reading: { layout, comesSplit, leftOut, skipped },
  };
}

/** Requires an image and, unless labels do not matter, some of each class. */
function requireImages(
  dir: string,
  { classNames, comesSplit, layout }: FolderListing,
  { images, unlabelled }: Pick<FolderListing, "images"> & {
    unlabelled: boolean;
  },
): void {
  // Only then are the folders of the classes directly in this one.
  const hasFolders = layout === "class folders";
  const count = (label: number, split?: Split) =>
    images.filter((image) =>
      image.label === label && (split === undefined || image.split === split)
    ).length;
  if (images.length === 0) throw fileFault(dir, "must have an image, got none");
  if (unlabelled) return;
  classNames.forEach((name, label) => {
    const least = comesSplit ? 1 : 2;
    const found = count(label, comesSplit ? "train" : undefined);
    if (found >= least) return;
    throw fileFault(
      hasFolders ? `${dir}/${name}` : dir,
      comesSplit
        ? `must have an image of the class "${name}" to train on, got none`
        : `must have at least 2 images${
          hasFolders ? "" : ` of the class "${name}"`
        }, one to train on and one to test on, got ${found}`,
    );
  });
}

function allRows(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}
