import { dirname, extname, relative, sep } from "node:path";
import { csvText } from "../../core/csv.ts";
import { NO_LABEL } from "../../data/folder/folder_listing.ts";
import type { Removal } from "../../detection/choose_kept.ts";
import { placeOf } from "../../detection/find_duplicates.ts";
import type { SearchResult } from "./result.ts";

/** The formats of a manifest, by extension. */
export const manifestExtensions = [".csv", ".jsonl"] as const;

/**
 * The data set without the images to remove: path, label and split of each image,
 * in the order of the data set; images without labels have none there either. Paths are relative to the folder of the manifest,
 * with forward slashes.
 *
 * @param file Absolute path of the manifest.
 */
export function formatCleaned(
  file: string,
  removals: readonly Removal[],
  { sides: { dataset, paths } }: SearchResult,
): string {
  const removed = new Set(removals.map(({ image }) => image.at));
  const rows = paths!.flatMap((path, at) => {
    if (removed.has(at)) return [];
    const { label, split } = placeOf(at, dataset);
    const near = relative(dirname(file), path).split(sep).join("/");
    return [{ path: near, ...(label !== NO_LABEL && { label }), split }];
  });
  if (extname(file).toLowerCase() === ".jsonl") {
    return rows.map((row) => JSON.stringify(row) + "\n").join("");
  }
  return csvText([
    ["path", "label", "split"],
    ...rows.map(({ path, label, split }) => [path, label, split]),
  ], { exact: true });
}
