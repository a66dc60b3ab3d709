import { resolve } from "node:path";

/**
 * The folder of decoded images: what `--cache` says, or `dupbench` in the user's
 * cache folder (XDG Base Directory Specification; on Windows LOCALAPPDATA).
 *
 * @param chosen The value of `--cache`.
 * @returns `undefined` if nothing is kept: `off`, or no such folder is known.
 */
export function cacheFolder(
  chosen: string | undefined,
  { env, cwd }: {
    env: Readonly<Record<string, string | undefined>>;
    cwd: string;
  },
): string | undefined {
  if (chosen !== undefined) {
    return chosen === "off" ? undefined : resolve(cwd, chosen);
  }
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = env;
  const base = XDG_CACHE_HOME || LOCALAPPDATA || (HOME && `${HOME}/.cache`);
  return base ? resolve(cwd, base, "dupbench") : undefined;
}
