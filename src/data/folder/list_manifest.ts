import { lstat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { messageOf, quotation } from "../../core/errors.ts";
import { fileFault } from "../_file_fault.ts";
import { readBytes } from "../read_bytes.ts";
import { type FolderListing, NO_LABEL } from "./folder_listing.ts";
import type { ListOptions } from "./list_folder.ts";
import { type ManifestEntry, parseManifest } from "./parse_manifest.ts";
import { sortLabels } from "./sort_labels.ts";
import { splitNamed, testingSplit, useOfSplit } from "./split_names.ts";

/** Largest manifest in bytes. */
const LARGEST = 2 ** 26;

/**
 * Lists the images of a manifest: CSV with the columns `path`, `label` and
 * `split`, or JSON Lines with these fields. Paths are relative to the folder of
 * the manifest. Without splits the images are split as those of a folder; `val` is
 * for testing where there is no `test`, and otherwise left out, unless all are
 * wanted. Where labels do not matter, some or all may be absent.
 *
 * @throws {UsageError} If the manifest cannot be read or says something else.
 */
export async function listManifest(
  path: string,
  { limits, unlabelled, whole }: ListOptions,
): Promise<FolderListing> {
  const fault = (problem: string) => fileFault(path, problem);
  const bytes = await readBytes(path, { limitBytes: LARGEST });
  let entries: readonly ManifestEntry[];
  try {
    entries = parseManifest(path, bytes);
  } catch (error) {
    throw fault(`is not a valid manifest: ${messageOf(error)}`);
  }
  if (entries.length === 0 || entries.length > limits.images) {
    throw fault(
      `must list 1 to ${limits.images} images, got ${entries.length}`,
    );
  }
  const folder = dirname(path);
  entries = await Promise.all(entries.map(async (entry) => ({
    ...entry,
    path: await withSlashes(entry.path, folder),
  })));
  /** The path that an entry has, by the file that it means. */
  const named = new Map<string, string>();
  for (const { path } of entries) {
    const file = resolve(folder, path);
    const other = named.get(file);
    if (other !== undefined) {
      throw fault(
        `must list each image once, got ${
          other === path ? `"${path}" twice` : `"${other}" and "${path}"`
        }`,
      );
    }
    named.set(file, path);
  }
  const labels = entries.map(({ label }) => label ?? "");
  const isLabelled = labels.some((label) => label !== "");
  const bare = labels.indexOf("");
  if (bare >= 0 && !unlabelled) {
    throw fault(`must have a label for "${entries[bare]!.path}"`);
  }
  const classNames = [
    ...sortLabels(labels.filter((label) => label !== "")),
    ...(bare >= 0 ? [NO_LABEL] : []),
  ];
  if (classNames.length > limits.classes) {
    throw fault(
      `must have at most ${limits.classes} classes, got ${classNames.length}`,
    );
  }
  const labelOf = new Map(classNames.map((name, label) => [name, label]));
  const splits = entries.map((entry) => splitOf(entry, fault));
  const comesSplit = splits.some((split) => split !== undefined);
  const bareSplit = splits.indexOf(undefined);
  if (comesSplit && bareSplit >= 0) {
    throw fault(
      `must have a split for every image or for none, got none for "${
        entries[bareSplit]!.path
      }"`,
    );
  }
  const testing = testingSplit(splits.filter((split) => split !== undefined));
  const images = entries.flatMap((entry, i) => {
    const split = useOfSplit(splits[i], testing, { whole });
    if (split === "left out") return [];
    return [{
      path: isAbsolute(entry.path) ? entry.path : join(folder, entry.path),
      name: entry.path,
      label: labelOf.get(labels[i] || NO_LABEL)!,
      ...(split && { split }),
    }];
  });
  const left = entries.length - images.length;
  return {
    layout: "manifest",
    classNames,
    images: unlabelled && testing === undefined && !isLabelled
      ? images.map((image) => ({ ...image, split: "train" as const }))
      : images,
    comesSplit: testing !== undefined || !isLabelled,
    leftOut: left > 0 ? { "for validation": left } : {},
  };
}

/**
 * A path with forward slashes. A backslash separates folders, as on Windows,
 * unless a file in the folder of the manifest has it in its name, as elsewhere.
 */
async function withSlashes(path: string, folder: string): Promise<string> {
  if (!path.includes("\\")) return path;
  const isName = sep === "/" &&
    await lstat(resolve(folder, path)).then(() => true, () => false);
  return isName ? path : path.replaceAll("\\", "/");
}

function splitOf(
  { path, split }: ManifestEntry,
  fault: (problem: string) => Error,
) {
  if (!split) return undefined;
  const known = splitNamed(split);
  if (known !== undefined) return known;
  throw fault(
    `must have train, val or test as split, got "${
      quotation(split)
    }" for "${path}"`,
  );
}
