import { sep } from "node:path";
import { UsageError } from "../core/errors.ts";
import { fileFault, reasonOf } from "./_file_fault.ts";

/** The images of one class. */
export interface ClassImages {
  /** Name of the class: that of its folder. */
  readonly name: string;
  /** Paths of its images, sorted. */
  readonly paths: readonly string[];
}

/** Bounds of what is read from a folder. */
export interface FolderLimits {
  /** Most classes. */
  readonly classes: number;
  /** Most images in all. */
  readonly images: number;
}

/**
 * Lists the images of a folder that has one sub-folder a class. Names are
 * sorted by code unit, so that labels and rows are the same on every system.
 * Names that start with a dot are left out, and so are plain files beside the
 * class folders; whatever else does not fit is refused, never left out.
 *
 * @throws {UsageError} If there is no class or no image in a class, too many of
 * either, a folder within a class, or a link that leads out of the folder.
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
    if (!(await infoWithin(root, path)).isDirectory) continue;
    if (classes.length === limits.classes) {
      throw fileFault(dir, "class count", `at most ${limits.classes}`, "more");
    }
    const names = await sortedNames(path);
    images += names.length;
    if (images > limits.images) {
      throw fileFault(dir, "image count", `at most ${limits.images}`, "more");
    }
    const paths = names.map((file) => `${path}/${file}`);
    for (const file of paths) {
      if (!(await infoWithin(root, file)).isFile) {
        throw fileFault(file, "it", "an image file", "no regular file");
      }
    }
    classes.push({ name, paths });
  }
  if (classes.length === 0) {
    throw fileFault(
      dir,
      "it",
      "a folder with one folder a class",
      "without any",
    );
  }
  return classes;
}

async function sortedNames(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dir)) {
      if (!name.startsWith(".")) names.push(name);
    }
  } catch (error) {
    throw fileFault(dir, "it", "a readable folder", reasonOf(error));
  }
  return names.sort();
}

async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    throw fileFault(path, "it", "a readable file or folder", reasonOf(error));
  }
}

/** What a path leads to, which has to lie within the folder. */
async function infoWithin(root: string, path: string): Promise<Deno.FileInfo> {
  const info = await Deno.lstat(path);
  if (!info.isSymlink) return info;
  const target = await realPath(path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new UsageError(
      `Cannot read "${path}" as a link must stay in the data folder: ` +
        `current value is a link to "${target}"`,
    );
  }
  return await Deno.lstat(target);
}
