import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { UsageError } from "../../core/errors.ts";
import { requireFolderOf } from "../../results/write_file.ts";
import { requireEnding } from "../require_ending.ts";

/**
 * Requires that nothing is at a path where a file is to be written: nothing of
 * the user's is ever replaced.
 *
 * @param options `field`: the option that names it; `extensions`: those that are
 * allowed, which choose the format.
 * @throws {UsageError} If there is something, there or in place of its folder, or the
 * extension is another, or all there is.
 */
export async function requireNewFile(
  path: string,
  { field, extensions }: { field: string; extensions: readonly string[] },
): Promise<void> {
  requireEnding(path, { endings: extensions, field, ignoreCase: true });
  if (await exists(path)) {
    throw new UsageError(
      `"${field}" must be a new file, got "${path}", which exists already`,
      { field },
    );
  }
  await requireFolderOf(path);
}

/**
 * Requires that a folder to write is neither one of the data folders nor within
 * one, where its files would count as images.
 *
 * @throws {UsageError} If it is.
 */
export async function requireOutside(
  path: string,
  { field, folders }: { field: string; folders: readonly string[] },
): Promise<void> {
  const target = await realTarget(path);
  for (const folder of folders) {
    // A manifest names its images one by one.
    if (await isFile(folder)) continue;
    const root = await realTarget(folder);
    if (!isWithin(target, root)) continue;
    throw new UsageError(
      `"${field}" must be outside of the data folder "${folder}", got "${path}"`,
      { field },
    );
  }
}

/**
 * Requires that two folders to write are apart: pictures of the page are replaced
 * at the next call by their names, and a moved image may have such a name.
 *
 * @throws {UsageError} If one is the other or within it.
 */
export async function requireApart(
  { move, html }: { move: string; html: string },
): Promise<void> {
  const [one, other] = [await realTarget(move), await realTarget(html)];
  if (!isWithin(one, other) && !isWithin(other, one)) return;
  throw new UsageError(
    `"move" must be apart from the folder of "html", got "${move}" and "${html}"`,
    { field: ["move", "html"] },
  );
}

/** Whether a path without links is a folder, or in it. */
function isWithin(path: string, folder: string): boolean {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path === folder || path.startsWith(start);
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then((info) => info.isFile(), () => false);
}

/** Whether anything is at a path, be it a link that leads nowhere. */
export async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(() => true, () => false);
}

/** The real path of what is or will be there: links above it are resolved. */
async function realTarget(path: string): Promise<string> {
  const whole = resolve(path);
  for (let at = whole;; at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) return resolve(real, relative(at, whole));
    if (at === dirname(at)) return whole;
  }
}
