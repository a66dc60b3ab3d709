import { countOf } from "../../core/count_of.ts";
import { lstat, realpath } from "node:fs/promises";
import { UsageError } from "../../core/errors.ts";
import {
  isArrayLayout,
  recogniseLayout,
} from "../../data/folder/recognise_layout.ts";
import {
  chooseRemovals,
  type ConflictRule,
  type KeepRule,
  type Removal,
} from "../../detection/choose_kept.ts";
import type {
  ExplainedGroup,
  ExplainedImage,
} from "../../detection/explain_groups.ts";
import {
  directDuplicates,
  type FoundDuplicates,
} from "../../detection/search_duplicates.ts";
import { writeFileAtomically } from "../../results/write_file.ts";
import type { CallIo } from "../io.ts";
import { requireFolder } from "../require_folder.ts";
import { formatCleaned, manifestExtensions } from "./cleaned_manifest.ts";
import { moveFiles, planMoves } from "./move_files.ts";
import {
  requireApart,
  requireNewFile,
  requireOutside,
} from "./refuse_target.ts";
import { formatRemovalList, listExtensions } from "./removal_list.ts";
import type { SearchResult } from "./result.ts";
import type { Sides } from "./sides.ts";

/** What is to be done about duplicates; nothing by default. */
export interface ActionOptions {
  /** Which image of a group is kept. */
  readonly keep?: KeepRule | undefined;
  /** What becomes of groups whose labels disagree. */
  readonly conflicts: ConflictRule;
  /** List of files to remove. */
  readonly removeList?: string | undefined;
  /** Manifest of the images that remain. */
  readonly cleaned?: string | undefined;
  /** Folder that gets the files to remove. */
  readonly move?: string | undefined;
  /** Folder of the page. */
  readonly html?: string | undefined;
}

const needKeep = ["removeList", "cleaned", "move"] as const;

/**
 * Refuses options that do not fit together or would replace something, before
 * anything is loaded.
 *
 * @param folders The data folders.
 * @throws {UsageError} Naming the option.
 */
export async function checkActions(
  options: ActionOptions & { against?: string | undefined },
  { folders: given, io }: { folders: readonly string[]; io: CallIo },
): Promise<void> {
  // What is wrong with the data itself is said when it is loaded.
  const layouts = await Promise.all(
    given.map((path) => recogniseLayout(path).catch(() => "folder" as const)),
  );
  const folders = layouts.some(isArrayLayout) ? [] : given;
  for (const field of needKeep) {
    if (options[field] === undefined) continue;
    if (options.keep === undefined) {
      throw new UsageError(
        `"${field}" needs "keep", which chooses the image of a group that is kept`,
        { field: [field, "keep"] },
      );
    }
    if (folders.length === 0) {
      throw new UsageError(
        `"${field}" needs images in files of their own: "dataset" must be folder, and "dataDir" a folder or a manifest`,
        { field: [field, "dataset", "dataDir"] },
      );
    }
  }
  const { keep, conflicts, removeList, cleaned, move, html, against } = options;
  if (conflicts !== "keep" && keep === undefined) {
    throw new UsageError(
      `"conflicts" needs "keep", without which nothing is removed, got ${conflicts}`,
      { field: ["conflicts", "keep"] },
    );
  }
  if (folders.length === 0 && keep !== undefined && keep !== "first") {
    throw new UsageError(
      `"keep" must be first if images have no files, got "${keep}"`,
      { field: "keep" },
    );
  }
  if (cleaned !== undefined && against !== undefined) {
    throw new UsageError(
      `"cleaned" is the manifest of one data set: leave out "against", or use "removeList"`,
      { field: ["cleaned", "against", "removeList"] },
    );
  }
  if (removeList !== undefined) {
    await requireNewFile(io.path(removeList), {
      field: "removeList",
      extensions: listExtensions,
    });
  }
  if (cleaned !== undefined) {
    await requireNewFile(io.path(cleaned), {
      field: "cleaned",
      extensions: manifestExtensions,
    });
  }
  if (
    removeList !== undefined && cleaned !== undefined &&
    io.path(removeList) === io.path(cleaned)
  ) {
    throw new UsageError(
      `"cleaned" must be another file than "removeList", got "${cleaned}" for both`,
      { field: ["cleaned", "removeList"] },
    );
  }
  for (const [field, path] of Object.entries({ move, html })) {
    if (path === undefined) continue;
    await requireOutside(io.path(path), { field, folders: given });
    await requireFolder(io.path(path), field);
  }
  if (move !== undefined && html !== undefined) {
    await requireApart({ move: io.path(move), html: io.path(html) });
  }
}

/**
 * The images to remove by the rule, of all groups.
 *
 * @returns Nothing without a rule.
 * @throws {UsageError} If one of them is the very file of an image that remains,
 * by way of a link or of overlapping folders: removing it would lose both.
 */
export async function planRemovals(
  groups: readonly ExplainedGroup[],
  { keep, conflicts, found, sides }: {
    keep: KeepRule | undefined;
    conflicts: ConflictRule;
    found: FoundDuplicates;
    sides: Sides;
  },
): Promise<Removal[] | undefined> {
  if (keep === undefined) return undefined;
  const direct = directDuplicates(found);
  const all: Removal[] = [];
  for (const group of groups) {
    const removals = chooseRemovals(group, {
      rule: keep,
      conflicts,
      direct,
      isFixed: ({ split }) => sides.hasArchive && split === "train",
    });
    if (sides.paths !== undefined) {
      await requireOtherFiles(group, removals, sides.paths);
    }
    for (const removal of removals) all.push(removal);
  }
  return all;
}

/** Requires that no image to remove is the file of one that remains. */
async function requireOtherFiles(
  { images }: ExplainedGroup,
  removals: readonly Removal[],
  paths: readonly string[],
): Promise<void> {
  const removed = new Set(removals.map(({ image }) => image));
  const contents = new Set(
    removals.flatMap(({ image: { file } }) => file?.sha256 ?? []),
  );
  const remaining = new Map<string, ExplainedImage>();
  for (const image of images) {
    if (removed.has(image) || !contents.has(image.file?.sha256 ?? "")) continue;
    remaining.set(await realpath(paths[image.at]!), image);
  }
  if (remaining.size === 0) return;
  for (const image of removed) {
    const path = paths[image.at]!;
    const kept = remaining.get(await realpath(path));
    // Of a link, only the link would go.
    if (kept === undefined || (await lstat(path)).isSymbolicLink()) continue;
    throw new UsageError(
      `"keep" must remove no file that remains, but "${image.path}" and "${kept.path}" are one file, "${path}": leave one of them out`,
      { field: "keep" },
    );
  }
}

/**
 * Writes the lists and, last, moves the files, once it is known that all of it can
 * be done: a list that exists would be in the way of the next call. What is done is
 * noted at once, as a move may fail later.
 */
export async function performActions(
  { removeList, cleaned, move }: ActionOptions,
  result: SearchResult,
  io: CallIo,
): Promise<void> {
  const { removals = [] } = result;
  const list = removeList &&
    await formatRemovalList(removeList, removals, result);
  const moves = move && await planMoves(io.path(move), removals, result);
  if (removeList && list !== undefined) {
    await writeFileAtomically(io.path(removeList), list);
    io.note(
      `wrote ${removeList}: ${countOf(removals.length, "file")} to remove`,
    );
  }
  if (cleaned !== undefined) {
    const path = io.path(cleaned);
    await writeFileAtomically(path, formatCleaned(path, removals, result));
    const kept = result.found.images.rows - removals.length;
    io.note(
      `wrote ${cleaned}: the ${
        countOf(kept, "image that remains", "images that remain")
      }`,
    );
  }
  if (moves) {
    await moveFiles(moves);
    io.note(`moved ${countOf(moves.length, "file")} to ${move}`);
  }
}
