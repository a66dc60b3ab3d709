import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { conflictRules, keepRules } from "../detection/choose_kept.ts";
import { searchMethods } from "../detection/search_methods.ts";
import {
  defaultFeatureDifference,
  defaultMaxDifference,
} from "../spec/axes/dedup.ts";
import { cacheOption, openCache } from "./cache_option.ts";
import { defineCommand } from "./command.ts";
import { chooseData, type ChosenData, dataOptions } from "./data_option.ts";
import type { SearchResult } from "./duplicates/result.ts";
import { type CallIo, showPaths } from "./io.ts";
import { dataPath, filePath, folderPath } from "./path_option.ts";
import { readingOf, readingOptions } from "./reading_options.ts";
import { showLoading } from "./show_loading.ts";
import { showShare } from "./show_share.ts";
import { splitOption } from "./split_option.ts";

const options = z.strictObject({
  ...dataOptions,
  against: dataPath().optional().describe(
    "Archive, a folder or a file, with which the images are compared",
  ),
  split: splitOption,
  ...readingOptions,
  limitTrain: z.int().min(1).optional().describe(
    "Training images: a seeded, class-balanced subset of this size",
  ),
  limitTest: z.int().min(1).optional().describe(
    "Test images: a seeded, class-balanced subset of this size",
  ),
  cache: cacheOption,
  near: z.boolean().default(true).describe(
    "Search for near duplicates too; --no-near searches for equal pixels only",
  ),
  search: z.enum(searchMethods).default("hashes").describe(
    "How near duplicates are found: hashes takes seconds; features takes minutes and also finds crops, other scales and aspect ratios, and copies of low quality",
  ),
  maxDifference: z.number().min(0).max(1).optional().describe(
    `Largest pixel difference of near duplicates; default ${defaultMaxDifference}, and ${defaultFeatureDifference} for those found by features`,
  ),
  mirrored: z.boolean().default(false).describe(
    "Count mirror images as near duplicates",
  ),
  keep: z.enum(keepRules).optional().describe(
    "Which image of a group is kept; nothing is removed without --remove-list, --cleaned or --move",
  ),
  conflicts: z.enum(conflictRules).default("keep").describe(
    "For groups whose labels disagree: keep one image as in other groups, leave all images or remove all",
  ),
  removeList: filePath("FILE.txt|csv|json").optional().describe(
    "Write the files to remove, relative to the data folder",
  ),
  cleaned: filePath("FILE.csv|jsonl").optional().describe(
    "Write path, label and split of the images that are kept",
  ),
  move: folderPath().optional().describe(
    "Move the files to remove to a folder; nothing is deleted or replaced",
  ),
  html: folderPath().optional().describe(
    "Write a page with pictures of all groups, duplicates.html",
  ),
  show: z.int().min(0).default(20).describe(
    "Number of groups to print; JSON and the page have all",
  ),
  json: z.boolean().default(false).describe("Print JSON"),
});

/** `duplicates`: which images of a data set are duplicates. */
export const duplicatesCommand = defineCommand({
  examples: [
    "--dataset cifar10",
    "--mirrored --show 5",
    "photos --html results/local/seen",
    "photos --keep best --cleaned cleaned.csv",
    "new --against archive --keep first --remove-list known.txt",
  ],
  usage: "[FOLDER|FILE] [options]",
  options,
  operands: "paths",
  help: `Exact duplicates are equal in every pixel. Near duplicates differ by a
shift of up to 2 pixels in each direction, by brightness, or by slight noise such
as that of JPEG: perceptual hashes propose pairs, and the pixel difference
decides. It is what remains when the other image, aligned as well as possible, is
subtracted, as a share of the contrast: 0 means equal, 1 unrelated. A group
contains images that are duplicates directly or through others. Groups across
training and test images come first, then those whose labels disagree, then the
others.

--search features also finds pairs in which one image is a part of the other, or
has another scale, aspect ratio or quality: features of many windows propose
pairs, which are aligned; the pixel difference and the correlation of their
details decide. It finds most such pairs, not all.

--keep orders the images of a group and keeps each that is not a duplicate of one
kept before it. first: the order of the data set, training images first. largest:
the largest file. best: the most pixels, then the largest file. Ties go to the
first.`,
  async run(given, io) {
    const { checkActions, performActions, planRemovals } = await import(
      "./duplicates/actions.ts"
    );
    const { keep, conflicts, html, show, json } = given;
    const { dataset, dataDir, paths, ...rest } = given;
    const data = await chooseData({ dataset, dataDir, paths }, io);
    const folders = [data.dataDir, given.against].flatMap((path) =>
      data.name !== "folder" || path === undefined ? [] : [io.path(path)]
    );
    await checkActions(given, { folders, io });
    const searched = await search({ ...rest, ...data }, io);
    const removals = await planRemovals(searched.groups, {
      keep,
      conflicts,
      ...searched,
    });
    const result: SearchResult = { ...searched, removals };
    io.print(
      json
        ? (await import("./duplicates/format_json.ts")).formatJson(result)
        : showPaths(
          (await import("./duplicates/format_text.ts")).formatText(
            result,
            show,
          ),
          io,
        ),
    );
    if (html !== undefined) {
      const { writePage } = await import("./duplicates/write_page.ts");
      io.note(await writePage(html, result, io));
    }
    await performActions(given, result, io);
    return 0;
  },
});

/** Loads what is named, searches it and explains what was found. */
async function search(
  {
    name,
    against,
    near,
    search: method,
    maxDifference,
    mirrored,
    dataDir,
    ...limits
  }:
    & Omit<z.output<typeof options>, "dataset" | "dataDir" | "paths">
    & ChosenData,
  io: CallIo,
): Promise<SearchResult> {
  const { loadAgainst, loadSplits } = await import("./duplicates/sides.ts");
  const { listDuplicates } = await import("../detection/find_duplicates.ts");
  const { searchDuplicates } = await import(
    "../detection/search_duplicates.ts"
  );
  const { explainGroups } = await import("../detection/explain_groups.ts");
  const { openFiles } = await import("../detection/file_facts.ts");
  const { tellResizedApart } = await import(
    "../detection/tell_resized_apart.ts"
  );
  if (!near) refuseNear({ search: method, maxDifference, mirrored });
  const started = io.now();
  const { split, limitTrain, limitTest } = limits;
  const reading = readingOf({ ...limits, dataset: name });
  if (against !== undefined) {
    requireFolders({ name, dataDir, split, limitTrain, limitTest });
  }
  const loading = showLoading(io.terminal);
  const how = {
    reading,
    cache: await openCache(limits.cache, io),
    onProgress: loading.report,
  };
  let sides;
  try {
    sides = against === undefined
      ? await loadSplits(name, {
        ...how,
        split,
        limitTrain,
        limitTest,
        dataDir: dataDir && io.path(dataDir),
      })
      : await loadAgainst(io.path(dataDir!), io.path(against), how);
  } finally {
    await loading.stop();
  }
  const progress = showShare(
    near ? io.terminal : undefined,
    (done, total) => `${Math.round(100 * done / total)} %`,
  );
  let searched;
  try {
    searched = await searchDuplicates(sides.dataset, {
      near,
      search: method,
      maxDifference,
      mirrored,
      onProgress: (share) => progress.report(Math.round(100 * share), 100),
    });
  } finally {
    await progress.stop();
  }
  const files = sides.paths && openFiles(sides.paths, sides.decoding);
  const told = files ? await tellResizedApart(searched, files) : searched;
  // Pairs that are equal only after resizing are near ones, which are not sought.
  const found = near ? searched : { ...told, near: [] };
  const groups = await explainGroups(sides.dataset, found, { files, mirrored });
  return {
    name: name === "folder"
      ? against === undefined ? dataDir! : `${dataDir} against ${against}`
      : name,
    sides,
    found,
    lists: listDuplicates(sides.dataset, near ? told : found),
    // What an archive holds twice is not asked.
    groups: groups.filter(({ place }) =>
      !sides.hasArchive || place !== "train"
    ),
    near,
    search: method,
    maxDifference: maxDifference ??
      (method === "features" ? defaultFeatureDifference : defaultMaxDifference),
    mirrored,
    ms: io.now() - started,
  };
}

/** What only near duplicates have would have no effect without them. */
function refuseNear(
  { search, maxDifference, mirrored }: Pick<
    z.output<typeof options>,
    "search" | "maxDifference" | "mirrored"
  >,
): void {
  const faults = [
    ["search", search !== "hashes", "hashes", `, got ${search}`],
    ["mirrored", mirrored, "off", ""],
    ["maxDifference", maxDifference !== undefined, "left out", ""],
  ] as const;
  for (const [field, isFault, right, got] of faults) {
    if (!isFault) continue;
    throw new UsageError(
      `"${field}" must be ${right} if near duplicates are not searched for${got}`,
      { field },
    );
  }
}

/** What an archive is compared with: all images of a folder. */
function requireFolders(
  { name, dataDir, ...others }:
    & Pick<z.output<typeof options>, "dataDir" | "split">
    & { name: string; limitTrain: unknown; limitTest: unknown },
): void {
  if (name !== "folder" || dataDir === undefined) {
    throw new UsageError(
      `"against" needs a folder of new images: "dataset" must be folder, with "dataDir"`,
      { field: ["against", "dataset", "dataDir"] },
    );
  }
  for (const [field, value] of Object.entries(others)) {
    if (value === undefined) continue;
    throw new UsageError(
      `"against" compares all images of both folders: leave out "${field}"`,
      { field: ["against", field] },
    );
  }
}
