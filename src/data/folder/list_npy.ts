import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { readBytes } from "../read_bytes.ts";
import type { FolderListing } from "./folder_listing.ts";
import { type ArrayOptions, arraysWith, listArrays } from "./list_arrays.ts";
import { nameArray } from "./name_array.ts";
import { type NpyArray, parseNpy } from "./parse_npy.ts";

/** Largest file of an array in bytes. */
const LARGEST = 2 ** 31;

const ENDING = ".npy";

/**
 * Lists the images of plain NumPy files.
 *
 * @param options `path`: a folder of pairs, such as `x_train.npy` and `y_train.npy`, or the
 * images of one pair, whose labels are next to them; see `nameArray`.
 * @throws {Error} If there are no such files.
 */
export async function listNpy(
  options: ArrayOptions,
): Promise<FolderListing> {
  const { path } = options;
  const isFolder = (await stat(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const present = (await readdir(folder))
    .filter((name) => name.endsWith(ENDING) && !name.startsWith("."))
    .map((name) => name.slice(0, -ENDING.length)).sort();
  const own = basename(path, ENDING);
  if (!isFolder && nameArray(own)?.role !== "images") {
    throw new SyntaxError(
      `its name must be that of images, such as images${ENDING} or x_train${ENDING}, with labels${ENDING} or y_train${ENDING} next to it`,
    );
  }
  const arrays = new Map<string, NpyArray>();
  for (const name of isFolder ? present : arraysWith(own, present)) {
    if (nameArray(name) === undefined) continue;
    const bytes = await readBytes(`${folder}/${name}${ENDING}`, {
      limitBytes: LARGEST,
    });
    try {
      arrays.set(name, parseNpy(bytes));
    } catch (error) {
      throw new SyntaxError(`"${name}${ENDING}": ${(error as Error).message}`);
    }
  }
  return listArrays(arrays, options);
}
