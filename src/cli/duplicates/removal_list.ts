import { extname } from "node:path";
import { csvText } from "../../core/csv.ts";
import { quotation, UsageError } from "../../core/errors.ts";
import { explainMatch } from "../../detection/explain_match.ts";
import { openFiles } from "../../detection/file_facts.ts";
import type { Removal } from "../../detection/choose_kept.ts";
import { describeMatch } from "./match_words.ts";
import type { SearchResult } from "./result.ts";

/** The formats of a list of files to remove, by extension. */
export const listExtensions = [".txt", ".csv", ".json"] as const;

/** A file to remove, and why. */
interface Entry {
  /** Relative to the data folder. */
  path: string;
  /** The file that is kept for it; empty where all of the group are removed. */
  kept: string;
  reason: string;
  difference: number | null;
}

/**
 * The list of files to remove: a path per line (`.txt`), or with the file that is
 * kept, the reason and the difference (`.csv`, `.json`). Paths are relative to the
 * data folder, in the order of the data set.
 *
 * @throws {UsageError} If a path has a line feed, which a list of lines cannot
 * hold.
 */
export async function formatRemovalList(
  file: string,
  removals: readonly Removal[],
  result: SearchResult,
): Promise<string> {
  const entries = await listEntries(removals, result);
  switch (extname(file).toLowerCase()) {
    case ".json":
      return JSON.stringify(entries, null, 2) + "\n";
    case ".csv":
      return csvText([
        ["path", "kept", "reason", "difference"],
        ...entries.map(({ path, kept, reason, difference }) => [
          path,
          kept,
          reason,
          difference,
        ]),
      ], { exact: true });
    default:
      return entries.map(({ path }) => {
        if (/[\r\n]/.test(path)) {
          throw new UsageError(
            `"removeList" must end in .csv or .json, since the file name "${
              quotation(path)
            }" has a line feed`,
            { field: "removeList" },
          );
        }
        return `${path}\n`;
      }).join("");
  }
}

async function listEntries(
  removals: readonly Removal[],
  { found, sides, mirrored }: SearchResult,
): Promise<Entry[]> {
  const files = openFiles(sides.paths!, sides.decoding);
  const entries: Entry[] = [];
  for (
    const { image, kept } of removals.toSorted((a, b) =>
      a.image.at - b.image.at
    )
  ) {
    if (kept === undefined) {
      entries.push({
        path: image.path!,
        kept: "",
        reason: "labels disagree",
        difference: null,
      });
      continue;
    }
    const match = await explainMatch(sides.dataset, found, {
      files,
      mirrored,
      reference: kept.at,
      other: image.at,
    });
    entries.push({
      path: image.path!,
      kept: kept.path!,
      reason: describeMatch(match),
      difference: match.difference,
    });
  }
  return entries;
}
