import type { Stats } from "node:fs";
import { lstat, readdir, realpath } from "node:fs/promises";
import { sep } from "node:path";
import { systemCode } from "../../core/runtime/permissions.ts";
import { fileFault, refusalOf } from "../_file_fault.ts";
import { readImageHeader } from "../image_header.ts";
import { readBytes } from "../read_bytes.ts";
import { countLeftOut, reasonToLeaveOut, type Tally } from "./left_out.ts";

/** An entry of a folder that may be an image, or hold some. */
export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly isDirectory: boolean;
}

/** A data folder that is walked without leaving it. */
export interface FolderWalk {
  /**
   * The entries of a folder, sorted by code unit, so that labels and rows are the
   * same on every system. What is no image by its name is counted instead.
   *
   * @throws {UsageError} If the folder cannot be read, or a link leads out of the
   * data folder.
   */
  list(dir: string): Promise<FolderEntry[]>;
  /** What was left out so far. */
  readonly leftOut: Tally;
}

/** Largest file whose name is no image's that is looked into, in bytes. */
const LARGEST_LOOKED_INTO = 2 ** 24;

/** Opens a data folder. */
export async function openWalk(root: string): Promise<FolderWalk> {
  const real = await realPath(root);
  const leftOut: Tally = new Map();
  return {
    leftOut,
    async list(dir) {
      const entries: FolderEntry[] = [];
      for (const name of await sortedNames(dir)) {
        const path = `${dir}/${name}`;
        if (name.startsWith(".")) {
          countLeftOut(leftOut, reasonToLeaveOut(name, file)!.reason);
          continue;
        }
        const info = await infoWithin(real, path);
        const isDirectory = info.isDirectory();
        const isFile = info.isFile();
        const why = reasonToLeaveOut(name, { isDirectory });
        if (isFile && info.size === 0) {
          countLeftOut(leftOut, "of zero bytes");
        } else if (
          why !== undefined && !(await isImage(path, why, info.size))
        ) {
          countLeftOut(leftOut, why.reason);
        } else if (isDirectory || isFile) {
          entries.push({ name, path, isDirectory });
        } else {
          throw fileFault(
            path,
            "must be an image file, got a device or pipe",
          );
        }
      }
      return entries;
    },
  };
}

const file = { isDirectory: false };

/** Whether a file holds an image, despite its name. */
async function isImage(
  path: string,
  { isSure }: { isSure: boolean },
  size: number,
): Promise<boolean> {
  if (isSure || size > LARGEST_LOOKED_INTO) return false;
  const bytes = await readBytes(path, { limitBytes: LARGEST_LOOKED_INTO });
  return readImageHeader(bytes) !== null;
}

async function sortedNames(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for (const name of await readdir(dir)) names.push(name);
  } catch (error) {
    throw fileFault(dir, refusalOf(error));
  }
  return names.sort();
}

/**
 * The path of a file or folder without links.
 *
 * @throws {UsageError} If it leads nowhere.
 */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw fileFault(path, refusalOf(error));
  }
}

/** Information on the target of a path, which must be in the folder. */
async function infoWithin(root: string, path: string): Promise<Stats> {
  const info = await ownInfo(path);
  if (!info.isSymbolicLink()) return info;
  const target = await realPath(path);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw fileFault(
      path,
      `must not lead out of the data folder, got a link to "${target}"`,
    );
  }
  return await ownInfo(target);
}

async function ownInfo(path: string): Promise<Stats> {
  try {
    return await lstat(path);
  } catch (error) {
    // Names are read as UTF-8, with this character for what is none.
    throw fileFault(
      path,
      path.includes("\ufffd") && systemCode(error) === "ENOENT"
        ? "has a name that is not UTF-8, by which it cannot be opened: rename it"
        : refusalOf(error),
    );
  }
}
