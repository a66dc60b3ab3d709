import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, extname, resolve, sep } from "node:path";
import { UsageError } from "../../core/errors.ts";

/**
 * Requires that nothing is at a path where a file is to be written: nothing of
 * the user's is ever replaced.
 *
 * @param options `field`: the option that names it; `extensions`: those that are
 * allowed, which choose the format.
 * @throws {UsageError} If there is something, or the extension is another.
 */
export async function requireNewFile(
  path: string,
  { field, extensions }: { field: string; extensions: readonly string[] },
): Promise<void> {
  if (!extensions.includes(extname(path).toLowerCase())) {
    throw new UsageError(
      `"${field}" must end in ${extensions.join(" or ")}, got "${path}"`,
      { field },
    );
  }
  if (await exists(path)) {
    throw new UsageError(
      `"${field}" must be a new file, got "${path}", which exists already`,
      { field },
    );
  }
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
    if (target !== root && !target.startsWith(root + sep)) continue;
    throw new UsageError(
      `"${field}" must be outside of the data folder "${folder}", got "${path}"`,
      { field },
    );
  }
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
    if (real !== undefined) return resolve(real, whole.slice(at.length + 1));
    if (at === dirname(at)) return whole;
  }
}
