import { UsageError } from "../../core/errors.ts";
import type { Dataset, LabelledImages } from "../../data/dataset.ts";
import { joinImages } from "../../data/join_images.ts";
import { selectRows } from "../../data/limit_rows.ts";
import {
  loadDataset,
  type LoadDatasetOptions,
} from "../../data/load_dataset.ts";
import type { GroupPlace } from "../../detection/find_duplicates.ts";
import type { DatasetName } from "../../spec/datasets.ts";

/** What is searched: the splits of a data set, or two folders. */
export interface Sides {
  /** The images; of two folders, the archive is the training split. */
  readonly dataset: Dataset;
  /** What the user is told of a place. */
  readonly names: Readonly<Record<GroupPlace, string>>;
  /** What the images of the first and of the second split are called. */
  readonly imagesOf: Readonly<Record<"train" | "test", string>>;
  /** Whether the first split is an archive, of which nothing is removed. */
  readonly hasArchive: boolean;
  /** Absolute path of the file of each row; absent where there are no files. */
  readonly paths?: readonly string[] | undefined;
}

/** The splits of a data set. */
export async function loadSplits(
  name: DatasetName,
  options: LoadDatasetOptions,
): Promise<Sides> {
  const dataset = await loadDataset(name, options);
  const { train, test } = dataset;
  return {
    dataset,
    names: { train: "train", test: "test", across: "across" },
    imagesOf: { train: "training", test: "test" },
    hasArchive: false,
    paths: filesOf(joinImages([train, test]), options.dataDir),
  };
}

/**
 * A folder of new images against an archive: what is in both is across.
 *
 * @throws {UsageError} If the two have more than 256 classes together.
 */
export async function loadAgainst(
  folder: string,
  archive: string,
): Promise<Sides> {
  // Every image takes part, so that it does not matter how either is split.
  const load = async (dataDir: string) => {
    const set = await loadDataset("folder", { dataDir, split: "images" });
    const images = joinImages([set.train, set.test]);
    const paths = images.paths!;
    const order = Uint32Array.from(paths.keys())
      .sort((a, b) => paths[a]! < paths[b]! ? -1 : 1);
    return { set, images: selectRows(images, order) };
  };
  const [old, added] = [await load(archive), await load(folder)];
  const classNames = [
    ...new Set([...old.set.classNames, ...added.set.classNames]),
  ];
  if (classNames.length > 256) {
    throw new UsageError(
      `"dataDir" and "against" must have at most 256 classes together, got ${classNames.length}`,
      { field: ["dataDir", "against"] },
    );
  }
  const relabel = ({ set, images }: typeof old): LabelledImages => ({
    ...images,
    labels: images.labels.map((label) =>
      classNames.indexOf(set.classNames[label]!)
    ),
  });
  return {
    dataset: {
      name: "folder",
      shape: old.set.shape,
      classNames,
      train: relabel(old),
      test: relabel(added),
    },
    names: { train: "archive", test: "new", across: "across" },
    imagesOf: { train: "archived", test: "new" },
    hasArchive: true,
    paths: [
      ...filesOf(old.images, archive)!,
      ...filesOf(added.images, folder)!,
    ],
  };
}

function filesOf(
  { paths }: LabelledImages,
  folder: string | undefined,
): string[] | undefined {
  return folder === undefined
    ? undefined
    : paths?.map((path) => `${folder}/${path}`);
}
