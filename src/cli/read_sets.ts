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
export function onlyAnalyses(): UsageError {
  return new UsageError("At least one file must be a result set, got analyses");
}

/**
 * Reads result sets that are consistent, from files or crates. An analysis among
 * them is skipped with a note.
 *
 * @returns At least one, in the order of the files.
 * @throws {UsageError} If a file cannot be read, or is no result set or one that
 * contradicts itself.
 */
export async function readSets(
  files: readonly string[],
  io: Pick<CallIo, "path" | "note">,
): Promise<[ReadSet, ...ReadSet[]]> {
  const sets: ReadSet[] = [];
  for (const path of files) {
    let bytes: Uint8Array;
    let set: ResultSet;
    try {
      bytes = await readSetBytes(path, io);
      const value = parseResultJson(bytes);
      if (isAnalysis(value)) {
        io.note(skippedNote(path));
        continue;
      }
      set = toResultSet(value);
    } catch (error) {
      throw new UsageError(
        `Cannot read the result set "${path}": ${messageOf(error)}`,
      );
    }
    requireConsistent(set, path);
    sets.push({ path, bytes, set });
  }
  const [first, ...others] = sets;
  if (first === undefined) throw onlyAnalyses();
  return [first, ...others];
}
