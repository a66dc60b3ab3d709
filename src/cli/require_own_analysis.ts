import { ANALYSIS_START } from "../analysis/format_analysis.ts";
import { toAnalysis } from "../analysis/read_analysis.ts";
import { parseJson } from "../core/read_json.ts";
import { requireOwnFile } from "./require_own_files.ts";

/**
 * Checks that the two files of an analysis replace nothing but those of an earlier
 * one: a result set may be called as the analysis of another, and notes as its
 * text.
 *
 * @param base Absolute path of both, without the extensions .json and .md.
 * @throws {UsageError} If one of the files is anything else.
 */
export async function requireOwnAnalysis(base: string): Promise<void> {
  const what = "an analysis";
  await requireOwnFile(`${base}.json`, {
    what,
    check: (bytes) => void toAnalysis(parseJson(bytes)),
  });
  await requireOwnFile(`${base}.md`, {
    what,
    check(bytes) {
      if (new TextDecoder().decode(bytes).startsWith(ANALYSIS_START)) return;
      throw new Error("it does not begin like one");
    },
  });
}
