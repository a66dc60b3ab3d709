import { fileFault } from "./_file_fault.ts";
import {
  type FolderEntry,
  type FolderWalk,
  openWalk,
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

/** Folders below a class that are followed: a link could lead to its parent. */
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
      deepest: nestedFolders === "read" ? DEEPEST : 0,
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

/** The files of a folder and, down to a depth, of those below it. */
async function listFiles(
  dir: string,
  { walk, deepest }: { walk: FolderWalk; deepest: number },
): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await walk.list(dir)) {
    if (!entry.isDirectory) paths.push(entry.path);
    else if (deepest === 0) throw nestedFault(entry);
    else {
      const inner = await listFiles(entry.path, { walk, deepest: deepest - 1 });
      for (const path of inner) paths.push(path);
    }
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
