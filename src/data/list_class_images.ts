import type { Stats } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { sep } from "node:path";
import { fileFault, refusalOf } from "./_file_fault.ts";

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

/**
 * Lists the images of a folder that has one sub-folder per class. Names are
 * sorted by code unit, so that labels and rows are the same on every system.
 * Names that start with a dot are ignored, and so are files next to the class
 * folders; anything else that does not fit is an error.
 *
 * @throws {UsageError} If there is no class, there are too many classes or
 * images, a class has a folder within, or a link leads out of the folder.
 */
export async function listClassImages(
  dir: string,
  limits: FolderLimits,
): Promise<ClassImages[]> {
  const root = await realPath(dir);
  const classes: ClassImages[] = [];
  let images = 0;
  for (const name of await sortedNames(dir)) {
    const path = `${dir}/${name}`;
    if (!(await infoWithin(root, path)).isDirectory()) continue;
    if (classes.length === limits.classes) {
      throw fileFault(
        dir,
        `must have at most ${limits.classes} sub-folders, one per class, got more`,
      );
    }
    const names = await sortedNames(path);
    images += names.length;
    if (images > limits.images) {
      throw fileFault(
        dir,
        `must have at most ${limits.images} images, got more`,
      );
    }
    const paths = names.map((file) => `${path}/${file}`);
    for (const file of paths) {
      if (!(await infoWithin(root, file)).isFile()) {
        throw fileFault(file, "must be an image file, got a folder or device");
      }
    }
    classes.push({ name, paths });
  }
  if (classes.length === 0) {
    throw fileFault(dir, "must have one sub-folder per class, got none");
  }
  return classes;
}

async function sortedNames(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for (const name of await readdir(dir)) {
      if (!name.startsWith(".")) names.push(name);
    }
  } catch (error) {
    throw fileFault(dir, refusalOf(error));
  }
  return names.sort();
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw fileFault(path, refusalOf(error));
  }
}

/** Information on the target of a path, which must be in the folder. */
async function infoWithin(root: string, path: string): Promise<Stats> {
  const info = await lstat(path);
  if (!info.isSymbolicLink()) return info;
  const target = await realPath(path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw fileFault(
      path,
      `must not lead out of the data folder, got a link to "${target}"`,
    );
  }
  return await lstat(target);
}
