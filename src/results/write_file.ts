import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, UsageError } from "../core/errors.ts";
import { makeFolder, requireFolders } from "../core/make_folder.ts";

/**
 * Requires that the folder of a file which will be written is one or can be made.
 *
 * @throws {UsageError} If something on the path to the file is not a folder.
 */
export async function requireFolderOf(path: string): Promise<void> {
  try {
    await requireFolders(dirname(path));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Writes a file completely or not at all: first to a file next to it, which is
 * flushed to disk and then renamed over the old one. If there are several
 * writers of one file, in this process or in others, the last to finish replaces
 * the file of the others.
 *
 * @throws {UsageError} If it cannot be written; the old file is then unchanged.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  // A name that no other writer has: they would remove each other's file.
  const part = `${path}.${randomBytes(4).toString("hex")}.part`;
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  try {
    await makeFolder(dirname(path));
    // "wx" fails if the name exists, so nothing is written through a link.
    const file = await open(part, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part).catch(() => {});
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, error: unknown): UsageError {
  return new UsageError(`Cannot write "${path}": ${messageOf(error)}`);
}
