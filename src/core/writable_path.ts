import { dirname, resolve } from "node:path";

/**
 * The path to name in `--allow-write` for a file or folder: itself, or the
 * nearest folder above it that has no comma in its path, since Deno separates
 * paths by commas and has no way to quote one.
 */
export function writablePath(path: string): string {
  let granted = resolve(path);
  while (granted.includes(",")) granted = dirname(granted);
  return granted;
}
