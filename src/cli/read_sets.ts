import { messageOf, UsageError } from "../core/errors.ts";
import { fetchTextBytes, webAddress } from "../core/fetch_text_bytes.ts";
import { readTextBytes } from "../core/read_json.ts";
import { isZip, readCrate } from "../export/read_crate.ts";
import { requireConsistent } from "../results/check_result_set.ts";
import { parseResultJson, toResultSet } from "../results/read_result_set.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { CallIo } from "./io.ts";

/** A result set, and the file that it was read from. */
export interface ReadSet {
  /** The file, as the user named it. */
  readonly path: string;
  /** Its content; of a crate, that of the result set in it. */
  readonly bytes: Uint8Array;
  /** The same, checked. */
  readonly set: ResultSet;
}

/**
 * Reads the bytes of a file of JSON, or of the result set in a crate, from disk or
 * from an address of the web.
 *
 * @throws {Error} If it cannot be read; the caller adds which file it is.
 */
export async function readSetBytes(
  path: string,
  io: Pick<CallIo, "path">,
): Promise<Uint8Array> {
  const url = webAddress(path);
  const bytes = url
    ? await fetchTextBytes(url)
    : await readTextBytes(io.path(path));
  return isZip(bytes) ? readCrate(bytes) : bytes;
}

/** Whether it is what `analyse` wrote, as `results/*.json` names along with sets. */
export function isAnalysis(value: unknown): boolean {
  return typeof value === "object" && value !== null && "schema" in value &&
    typeof value.schema === "string" &&
    value.schema.startsWith("dupbench/analysis/");
}

/** What is said of an analysis among the files. */
export function skippedNote(path: string): string {
  return `skipped ${path}: an analysis, not a result set`;
}

/** The error where all files are analyses. */
export function onlyAnalyses(paths: readonly string[]): UsageError {
  return new UsageError(
    paths.length === 1
      ? `"${
        paths[0]
      }" is an analysis: name the result set that it was made from`
      : `At least one of the ${paths.length} files must be a result set, got analyses`,
  );
}

/**
 * Reads result sets that are consistent, from files or crates. An analysis among
 * them is skipped with a note.
 *
 * @returns At least one, in the order of the files.
 * @throws {UsageError} If a file cannot be read, is no result set or one that
 * contradicts itself, or is a set that another file is as well.
 */
export async function readSets(
  files: readonly string[],
  io: Pick<CallIo, "path" | "note">,
): Promise<[ReadSet, ...ReadSet[]]> {
  const sets: ReadSet[] = [];
  const analyses: string[] = [];
  for (const path of files) {
    let bytes: Uint8Array;
    let set: ResultSet;
    try {
      bytes = await readSetBytes(path, io);
      const value = parseResultJson(bytes);
      if (isAnalysis(value)) {
        analyses.push(path);
        continue;
      }
      set = toResultSet(value);
    } catch (error) {
      throw new UsageError(
        `Cannot read the result set "${path}": ${messageOf(error)}`,
      );
    }
    requireConsistent(set, path);
    requireOther(sets, { path, bytes, set });
    sets.push({ path, bytes, set });
  }
  const [first, ...others] = sets;
  if (first === undefined) throw onlyAnalyses(analyses);
  for (const path of analyses) io.note(skippedNote(path));
  return [first, ...others];
}

/**
 * Requires that a set is none of those before it, whose runs would count twice. Its
 * content tells, as one file may have several paths, and copies. Sets with common
 * runs, such as a study and its extension, are different ones.
 */
function requireOther(
  earlier: readonly ReadSet[],
  { path, bytes, set }: ReadSet,
): void {
  const same = earlier.find((other) =>
    other.set.digest === set.digest && other.bytes.length === bytes.length &&
    other.bytes.every((byte, i) => byte === bytes[i])
  );
  if (same === undefined) return;
  throw new UsageError(
    same.path === path
      ? `"${path}" is named twice: name each file once`
      : `"${path}" has the same content as "${same.path}": name one of them`,
  );
}
