import type { Reading } from "../../spec/reading.ts";
import { fileFault } from "../_file_fault.ts";
import {
  type ClassImages,
  type FolderLimits,
  listClassImages,
} from "../list_class_images.ts";
import type { FolderListing, ListedImage } from "./folder_listing.ts";
import { NO_LABEL } from "./folder_listing.ts";
import { countLeftOut } from "./left_out.ts";
import { listSplitFolders } from "./list_split_folders.ts";
import { onlyImages } from "./only_images.ts";
import { splitNamed } from "./split_names.ts";
import { type FolderEntry, type FolderWalk, openWalk } from "./walk_folder.ts";

/** How a folder is listed. */
export interface ListOptions extends Pick<Reading, "nestedFolders"> {
  readonly limits: FolderLimits;
  /** Whether images without labels are taken, all as of one class. */
  readonly unlabelled: boolean;
  /** Whether images for validation are taken also where others test. */
  readonly whole: boolean;
}

/**
 * Lists the images of a folder: class folders; `train/`, `val/` and `test/` with
 * class folders; or images without labels, where these are taken, also those next
 * to class folders.
 *
 * @throws {UsageError} If the folder has another layout or exceeds the limits.
 */
export async function listFolder(
  dir: string,
  options: ListOptions,
): Promise<FolderListing> {
  const walk = await openWalk(dir);
  const entries = await walk.list(dir);
  const folders = entries.filter(({ isDirectory }) => isDirectory);
  const files = entries.filter(({ isDirectory }) => !isDirectory);
  const isSplit = await areSplits(folders, walk);
  // What was left out is counted when the folder is listed by its layout.
  walk.leftOut.clear();
  if (isSplit) {
    await walk.list(dir);
    countStrays(walk, files.length, "split");
    return await listSplitFolders(dir, folders, { ...options, walk });
  }
  if (folders.length === 0 && files.length > 0) {
    await walk.list(dir);
    return listFlat(dir, files, { ...options, walk });
  }
  if (entries.length === 0 && options.unlabelled) {
    throw fileFault(dir, "must have an image, got none");
  }
  const classes = await listClassImages(dir, options.limits, {
    ...options,
    walk,
  });
  const bare = options.unlabelled ? await onlyImages(files) : [];
  countStrays(walk, files.length - bare.length, "class");
  if (bare.length > 0) {
    classes.push({ name: NO_LABEL, paths: bare.map(({ path }) => path) });
    requireLimits(dir, classes, options.limits);
  }
  return {
    layout: "class folders",
    classNames: classes.map(({ name }) => name),
    images: classes.flatMap(({ paths }, label) =>
      paths.map((path) => ({ path, name: path.slice(dir.length + 1), label }))
    ),
    comesSplit: false,
    leftOut: Object.fromEntries(walk.leftOut),
  };
}

/**
 * Whether folders are splits: all are named so, and there are several, or one that
 * holds folders. A lone `train/` of images is a class, as it ever was.
 */
async function areSplits(
  folders: readonly FolderEntry[],
  walk: FolderWalk,
): Promise<boolean> {
  if (folders.length === 0) return false;
  if (folders.some(({ name }) => splitNamed(name) === undefined)) return false;
  if (folders.length > 1) return true;
  const inner = await walk.list(folders[0]!.path);
  return inner.length > 0 && inner.every(({ isDirectory }) => isDirectory);
}

/** Requires limits of a listing to which images without labels were added. */
function requireLimits(
  dir: string,
  classes: readonly ClassImages[],
  limits: FolderLimits,
): void {
  const images = classes.reduce((sum, { paths }) => sum + paths.length, 0);
  for (
    const [what, most, got] of [
      [
        "classes, with images next to their folders as one",
        limits.classes,
        classes.length,
      ],
      ["images", limits.images, images],
    ] as const
  ) {
    if (got <= most) continue;
    throw fileFault(dir, `must have at most ${most} ${what}, got ${got}`);
  }
}

/** Files that may be images, but lie where none is read. */
function countStrays(
  walk: FolderWalk,
  count: number,
  kind: "class" | "split",
): void {
  countLeftOut(walk.leftOut, `next to the ${kind} folders`, count);
}

function listFlat(
  dir: string,
  files: readonly FolderEntry[],
  { limits, unlabelled, walk }: ListOptions & { walk: FolderWalk },
): FolderListing {
  if (!unlabelled) {
    throw fileFault(
      dir,
      `must have one sub-folder per class, got ${files.length} files without labels; a manifest, a CSV or JSON Lines file of path and label, can label them`,
    );
  }
  if (files.length > limits.images) {
    throw fileFault(dir, `must have at most ${limits.images} images, got more`);
  }
  return {
    layout: "flat",
    classNames: [NO_LABEL],
    images: files.map(({ name, path }): ListedImage => ({
      path,
      name,
      label: 0,
      split: "train",
    })),
    comesSplit: true,
    leftOut: Object.fromEntries(walk.leftOut),
  };
}
