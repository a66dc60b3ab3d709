import { countOf } from "../../core/count_of.ts";
import { realpath, rename } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { messageOf, UsageError } from "../../core/errors.ts";
import { makeFolder } from "../../core/make_folder.ts";
import type { Removal } from "../../detection/choose_kept.ts";
import { exists } from "./refuse_target.ts";
import type { SearchResult } from "./result.ts";

/** A file and where it is to go. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * Plans to move the files to remove into a folder, each at its path relative to the
 * data folder. Nothing is replaced and nothing deleted.
 *
 * @param folder Absolute path of the folder.
 * @throws {UsageError} If something is at a target already, or a file of a group is
 * reached by a link.
 */
export async function planMoves(
  folder: string,
  removals: readonly Removal[],
  { sides: { paths }, groups }: SearchResult,
): Promise<Move[]> {
  const touched = new Set(removals.map(({ image }) => image.at));
  // A link to a file that is moved would lead nowhere afterwards.
  for (const { images } of groups) {
    if (!images.some(({ at }) => touched.has(at))) continue;
    for (const { at, path } of images) await requireNoLink(paths![at]!, path!);
  }
  const moves: Move[] = removals.map(({ image }) => ({
    from: paths![image.at]!,
    to: join(folder, image.path!),
  }));
  for (const { to } of moves) await requireFree(to);
  return moves;
}

/**
 * Moves files into folders that are made if they are absent.
 *
 * @throws {UsageError} If the system refuses a move, or something is at a target by
 * now; the message says how many files were moved before.
 */
export async function moveFiles(moves: readonly Move[]): Promise<void> {
  let moved = 0;
  for (const { from, to } of moves) {
    try {
      await makeFolder(dirname(to));
      await requireFree(to);
      await rename(from, to);
    } catch (error) {
      throw new UsageError(
        `Cannot move "${from}" to "${to}", after ${moved} of ${
          countOf(moves.length, "file")
        }: ${reasonOf(error)}`,
        { field: "move" },
      );
    }
    moved++;
  }
}

/** Refuses a path of which any part below the data folder is a link. */
async function requireNoLink(path: string, name: string): Promise<void> {
  const relative = normalize(name);
  if (isAbsolute(relative) || relative.split(/[\\/]/).includes("..")) {
    throw new UsageError(
      `"move" keeps paths relative to the data folder, which "${relative}" leaves: use "removeList"`,
      { field: ["move", "removeList"] },
    );
  }
  const root = path.slice(0, -relative.length);
  const plain = join(await realpath(root), relative);
  if (await realpath(path) === plain) return;
  throw new UsageError(
    `"move" moves plain files only, got the link "${path}": use "removeList"`,
    { field: ["move", "removeList"] },
  );
}

async function requireFree(path: string): Promise<void> {
  if (!await exists(path)) return;
  throw new UsageError(
    `"move" replaces no file, but "${path}" exists already: name another folder`,
    { field: "move" },
  );
}

function reasonOf(error: unknown): string {
  const text = messageOf(error);
  return /EXDEV|cross-device|different device/i.test(text)
    ? "the folder must be on the disk of the images"
    : text;
}
