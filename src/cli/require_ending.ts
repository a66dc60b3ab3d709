import { UsageError } from "../core/errors.ts";

/**
 * Requires that the name of a file to write has an ending. Without a name before
 * it, the file would be a hidden one, and those next to it would have none.
 *
 * @param path The file, as the user named it.
 * @param options `endings`: those that are allowed, in lower case; `field`: the
 * option, default `out`; `ignoreCase`: capitals are allowed as well.
 * @throws {UsageError} If the name has none of them, or is nothing else.
 */
export function requireEnding(
  path: string,
  { endings, field = "out", ignoreCase = false }: {
    endings: readonly string[];
    field?: string;
    ignoreCase?: boolean;
  },
): void {
  const name = ignoreCase ? path.toLowerCase() : path;
  const ending = endings.find((ending) => name.endsWith(ending));
  if (ending === undefined) {
    throw new UsageError(
      `"${field}" must end in ${endings.join(" or ")}, got "${path}"`,
      { field },
    );
  }
  if (isUnnamed(path.slice(0, -ending.length))) {
    throw new UsageError(
      `"${field}" must have a name before ${ending}, got "${path}"`,
      { field },
    );
  }
}

/** Whether a path without its ending names no file: of a folder, or nothing. */
export function isUnnamed(path: string): boolean {
  return /(^|[\\/])\.{0,2}$/.test(path);
}
