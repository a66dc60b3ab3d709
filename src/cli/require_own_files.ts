import { lstat } from "node:fs/promises";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { readTextBytes } from "../core/read_json.ts";
import { requireFolderOf } from "../results/write_file.ts";

/** What tells whether a file is a command's own. */
export interface OwnFile {
  /** What the command writes there, such as `an analysis`. */
  readonly what: string;
  /** Throws where the bytes are anything else. */
  readonly check: (bytes: Uint8Array) => void;
}

/** Files that a command writes together. */
export interface OwnFiles extends OwnFile {
  /** Absolute path of the one that is written first, and is checked. */
  readonly first: string;
  /**
   * The others: absolute paths, and whether bytes, of this version at least, are
   * what the command writes there.
   */
  readonly others: readonly {
    readonly path: string;
    readonly is: (bytes: Uint8Array) => boolean;
  }[];
}

/**
 * Requires that a file which is about to be written replaces nothing but an
 * earlier one of the same command.
 *
 * @param path Absolute path.
 * @throws {UsageError} If there is anything else, there or in place of its folder.
 */
export async function requireOwnFile(
  path: string,
  { what, check }: OwnFile,
): Promise<void> {
  if (!await isThere(path)) return await requireFolderOf(path);
  try {
    check(await readTextBytes(path));
  } catch (error) {
    throw refusal(path, `not ${what} (${quotation(messageOf(error))})`);
  }
}

/**
 * The same of several files: next to the first, which must be the command's own,
 * the others are its own as well. Where somebody removed the first, each of the
 * others must be the command's own by its content; one without content is if
 * another has some.
 *
 * @throws {UsageError} Naming the first file that is anything else.
 */
export async function requireOwnFiles(
  { first, others, ...own }: OwnFiles,
): Promise<void> {
  await requireFolderOf(first);
  if (await isThere(first)) return await requireOwnFile(first, own);
  const empty: string[] = [];
  let isKnown = false;
  for (const { path, is } of others) {
    if (!await isThere(path)) continue;
    const bytes = await readTextBytes(path).catch(() => null);
    if (bytes?.length === 0) empty.push(path);
    else if (bytes !== null && is(bytes)) isKnown = true;
    else throw refusal(path, `not of ${own.what}`);
  }
  if (empty.length > 0 && !isKnown) {
    throw refusal(empty[0]!, `not of ${own.what}`);
  }
}

/** Whether anything is there, be it a link that leads nowhere. */
async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(() => true, () => false);
}

function refusal(path: string, what: string): UsageError {
  return new UsageError(
    `"${path}" is ${what} and is not replaced: choose another "out", or move the file away`,
    { field: "out" },
  );
}
