import { fileFault } from "./_file_fault.ts";
import {
  type FolderEntry,
  type FolderWalk,
  openWalk,
  realPath,
} from "./folder/walk_folder.ts";
import type { Reading } from "../spec/reading.ts";

/** The images of one class. */
export interface ClassImages {
  /** Name of the class: that of its folder. */
  readonly name: string;
  /** Paths of its images, sorted. */
  readonly paths: readonly string[];
}

/** Limits of what is read from a folder. */
export interface FolderLimits {
  /** Number of classes. */
  readonly classes: number;
  /** Number of images in total. */
  readonly images: number;
}

/** Folders below one another, within a class, that are followed. */
const DEEPEST = 32;

/**
 * Lists the images of a folder that has one sub-folder per class. Files next to
 * the class folders are ignored, and what is no image by its name is left out;
 * anything else that does not fit is an error.
 *
 * @param options `nestedFolders`: whether the images of folders below a class are
 * those of the class; default `refuse`. `walk`: the data folder, where it is open.
 * @throws {UsageError} If there is no class, there are too many classes or
 * images, a class has a folder within, or a link leads out of the folder.
 */
export async function listClassImages(
  dir: string,
  limits: FolderLimits,
  { nestedFolders = "refuse", walk: opened }:
    & Pick<Reading, "nestedFolders">
    & { walk?: FolderWalk } = {},
): Promise<ClassImages[]> {
  const walk = opened ?? await openWalk(dir);
  const classes: ClassImages[] = [];
  let images = 0;
  for (const { name, path, isDirectory } of await walk.list(dir)) {
    if (!isDirectory) continue;
    if (classes.length === limits.classes) {
      throw fileFault(
        dir,
        `must have at most ${limits.classes} sub-folders, one per class, got more`,
      );
    }
    const paths = await listFiles(path, {
      walk,
      isNested: nestedFolders === "read",
    });
    images += paths.length;
    if (images > limits.images) {
      throw fileFault(
        dir,
        `must have at most ${limits.images} images, got more`,
      );
    }
    classes.push({ name, paths });
  }
  if (classes.length === 0) {
    throw fileFault(dir, "must have one sub-folder per class, got none");
  }
  return classes;
}

/**
 * The files of a folder and, if asked for, of those below it.
 *
 * @param options `above`: the real paths of the folders that led here.
 */
async function listFiles(
  dir: string,
  { walk, isNested, above = [] }: {
    walk: FolderWalk;
    isNested: boolean;
    above?: readonly string[];
  },
): Promise<string[]> {
  const entries = await walk.list(dir);
  const nested = entries.find(({ isDirectory }) => isDirectory);
  if (nested === undefined) return entries.map(({ path }) => path);
  if (!isNested) throw nestedFault(nested);
  const real = await realPath(dir);
  if (above.includes(real)) {
    throw fileFault(dir, "must not lead back to a folder that it is in");
  }
  if (above.length === DEEPEST) {
    throw fileFault(
      dir,
      `must be at most ${DEEPEST} folders below its class`,
    );
  }
  const paths: string[] = [];
  for (const { path, isDirectory } of entries) {
    if (!isDirectory) {
      paths.push(path);
      continue;
    }
    const inner = await listFiles(path, {
      walk,
      isNested,
      above: [...above, real],
    });
    for (const one of inner) paths.push(one);
  }
  return paths;
}

function nestedFault({ path }: FolderEntry) {
  return fileFault(
    path,
    'must be an image file, got a folder; "nestedFolders" read takes its images as those of the class',
    "nestedFolders",
  );
}
