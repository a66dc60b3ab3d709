import { lstat } from "node:fs/promises";
import { ANALYSIS_START } from "../analysis/format_analysis.ts";
import { toAnalysis } from "../analysis/read_analysis.ts";
import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";

/**
 * Checks that the two files of an analysis replace nothing but those of an earlier
 * one: a result set may be called as the analysis of another, and notes as its
 * text.
 *
 * @param base Absolute path of both, without the extensions .json and .md.
 * @throws {UsageError} If one of the files is anything else.
 */
export async function requireOwnAnalysis(base: string): Promise<void> {
  await requireOwn(
    `${base}.json`,
    (bytes) => void toAnalysis(parseJson(bytes)),
  );
  await requireOwn(`${base}.md`, (bytes) => {
    if (new TextDecoder().decode(bytes).startsWith(ANALYSIS_START)) return;
    throw new Error("it does not begin like one");
  });
}

/** @param check Throws where the bytes are not what `analyse` wrote. */
async function requireOwn(
  path: string,
  check: (bytes: Uint8Array) => void,
): Promise<void> {
  if (await lstat(path).catch(() => null) === null) return;
  try {
    check(await readTextBytes(path));
  } catch (error) {
    throw new UsageError(
      `"${path}" is not an analysis (${
        quotation(messageOf(error))
      }) and is not replaced: choose another "out", or move the file away`,
      { field: "out" },
    );
  }
}
