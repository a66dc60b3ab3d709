import { lstat, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder, and those above it that are absent.
 *
 * @throws {Error} If something on the path is not a folder, which is named, or the
 * system refuses; the caller adds what the folder is for.
 */
export async function makeFolder(folder: string): Promise<void> {
  await requireFolders(folder);
  await mkdir(folder, { recursive: true });
}

/**
 * Requires that a folder can be there: that nothing on its path which exists is
 * anything else. Of a file in its place, systems say no more than that it exists.
 *
 * @throws {Error} If something is, which is named.
 */
export async function requireFolders(folder: string): Promise<void> {
  for (let at = folder;; at = dirname(at)) {
    // A link that leads nowhere is there, and is not a folder.
    const isThere = await lstat(at).then(() => true, () => false);
    if (isThere || at === dirname(at)) {
      const info = await stat(at).catch(() => null);
      if (isThere && !info?.isDirectory()) {
        throw new Error(`"${at}" is not a folder`);
      }
      return;
    }
  }
}
