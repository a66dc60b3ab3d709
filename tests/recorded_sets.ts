import { readResultSet } from "../src/results/read_result_set.ts";
import type { ResultSet } from "../src/results/result_set.ts";
import { fromFileUrl } from "./sweep/paths.ts";

/**
 * Folders of result sets: of those that are published, and of those that were
 * replaced by others and stay as what tests read.
 */
const folders = ["../results/", "../fixtures/sets/"];

/** Path of a recorded file, such as `quick.json` or `quick-analysis.json`. */
export function pathOfRecorded(file: string): string {
  for (const folder of folders) {
    const path = fromFileUrl(new URL(folder + file, import.meta.url));
    try {
      Deno.statSync(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`No recorded file is called "${file}"`);
}

/** A recorded result set by its name, such as `quick`. */
export function readRecorded(name: string): Promise<ResultSet> {
  return readResultSet(pathOfRecorded(`${name}.json`));
}
