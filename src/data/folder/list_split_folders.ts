import { fileFault } from "../_file_fault.ts";
import type { Split } from "../dataset.ts";
import { type ClassImages, listClassImages } from "../list_class_images.ts";
import { type FolderListing, NO_LABEL } from "./folder_listing.ts";
import { countLeftOut } from "./left_out.ts";
import type { ListOptions } from "./list_folder.ts";
import { onlyImages } from "./only_images.ts";
import { splitNamed, testingSplit } from "./split_names.ts";
import type { FolderEntry, FolderWalk } from "./walk_folder.ts";

/**
 * Lists `train/`, `val/` (or `valid/`, `validation/`) and `test/`, each with one
 * sub-folder per class. Without `test/`, the images for validation are for
 * testing; otherwise they are left out, unless all are wanted. Where labels do not
 * matter, a split may have images without class folders, or other classes.
 *
 * @throws {UsageError} If there is no `train/`, two folders are the same split, a
 * split has no class folders, or a class has no images to train on.
 */
export async function listSplitFolders(
  dir: string,
  folders: readonly FolderEntry[],
  options: ListOptions & { walk: FolderWalk },
): Promise<FolderListing> {
  const { walk, limits, unlabelled, whole } = options;
  const bySplit = new Map<Split | "validation", FolderEntry>();
  for (const folder of folders) {
    const split = splitNamed(folder.name)!;
    const other = bySplit.get(split);
    if (other !== undefined) {
      throw fileFault(
        dir,
        `must have one folder per split, got "${other.name}" and "${folder.name}"`,
      );
    }
    bySplit.set(split, folder);
  }
  const train = bySplit.get("train");
  if (train === undefined) {
    throw fileFault(
      dir,
      `must have a folder "train", got ${quoted(folders)} only`,
    );
  }
  const testing = testingSplit(bySplit.keys());
  const test = testing && bySplit.get(testing);
  const listing = async (folder: FolderEntry) =>
    await listClasses(folder, { ...options, dir });
  const trained = await listing(train);
  const tested = test === undefined ? [] : await listing(test);
  const validation = testing === "test" ? bySplit.get("validation") : undefined;
  const validated = validation === undefined ? [] : await listing(validation);
  if (validation !== undefined && !whole) {
    countLeftOut(
      walk.leftOut,
      `for validation (${validation.name})`,
      validated.reduce((sum, { paths }) => sum + paths.length, 0),
    );
  }
  const taken = [
    { classes: tested, folder: test },
    ...(whole ? [{ classes: validated, folder: validation }] : []),
  ];
  const classNames = [
    ...new Set(
      [...trained, ...(unlabelled ? taken.flatMap((t) => t.classes) : [])]
        .map(({ name }) => name),
    ),
  ];
  if (classNames.length > limits.classes) {
    throw fileFault(
      dir,
      `must have at most ${limits.classes} classes, got ${classNames.length}`,
    );
  }
  const images = [
    ...rowsOf(trained, { dir, classNames, split: test && "train" }),
    ...taken.flatMap(({ classes, folder }) =>
      rowsOf(classes, { dir, classNames, split: "test", folder })
    ),
  ];
  if (images.length > limits.images) {
    throw fileFault(dir, `must have at most ${limits.images} images, got more`);
  }
  return {
    layout: "split folders",
    classNames,
    images,
    comesSplit: test !== undefined || unlabelled && classNames[0] === NO_LABEL,
    leftOut: Object.fromEntries(walk.leftOut),
  };
}

/** The classes of a split; of images without labels, one. */
async function listClasses(
  { name, path }: FolderEntry,
  { walk, limits, unlabelled, nestedFolders, dir }:
    & ListOptions
    & { walk: FolderWalk; dir: string },
): Promise<ClassImages[]> {
  const counts = new Map(walk.leftOut);
  const entries = await walk.list(path);
  const files = entries.filter(({ isDirectory }) => !isDirectory);
  if (entries.length > files.length) {
    // What is left out is counted once, by the listing of the classes.
    walk.leftOut.clear();
    for (const [reason, count] of counts) walk.leftOut.set(reason, count);
    const bare = unlabelled ? await onlyImages(files) : [];
    countLeftOut(
      walk.leftOut,
      "next to the class folders",
      files.length - bare.length,
    );
    const classes = await listClassImages(path, limits, {
      walk,
      nestedFolders,
    });
    if (bare.length > 0) {
      classes.push({ name: NO_LABEL, paths: bare.map(({ path }) => path) });
    }
    return classes;
  }
  if (unlabelled) return [{ name: NO_LABEL, paths: files.map((f) => f.path) }];
  throw fileFault(
    dir,
    `must have one sub-folder per class in "${name}", got ${files.length} files without class folders; a manifest, a CSV or JSON Lines file of path, label and split, can label them`,
  );
}

function rowsOf(
  classes: readonly ClassImages[],
  { dir, classNames, split, folder }: {
    dir: string;
    classNames: readonly string[];
    split: Split | undefined;
    folder?: FolderEntry | undefined;
  },
) {
  return classes.flatMap(({ name, paths }) => {
    const label = classNames.indexOf(name);
    if (label < 0) {
      throw fileFault(
        `${folder!.path}/${name}`,
        `must be a class that is trained on: ${
          classNames.slice(0, 20).join(", ")
        }`,
      );
    }
    return paths.map((path) => ({
      path,
      name: path.slice(dir.length + 1),
      label,
      ...(split && { split }),
    }));
  });
}

function quoted(folders: readonly FolderEntry[]): string {
  return folders.map(({ name }) => `"${name}"`).join(" and ");
}
