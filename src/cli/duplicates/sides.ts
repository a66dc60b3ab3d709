import { dirname, resolve } from "node:path";
import { UsageError } from "../../core/errors.ts";
import type { Dataset, LabelledImages } from "../../data/dataset.ts";
import type { DecodeOptions } from "../../data/decode_image.ts";
import {
  describeReading,
  type FolderReading,
} from "../../data/folder/folder_reading.ts";
import { joinImages } from "../../data/join_images.ts";
import { selectRows } from "../../data/limit_rows.ts";
import {
  loadDataset,
  type LoadDatasetOptions,
} from "../../data/load_dataset.ts";
import type { GroupPlace } from "../../detection/find_duplicates.ts";
import type { DatasetName } from "../../spec/datasets.ts";
import type { Reading } from "../../spec/reading.ts";

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
  /** How these files were decoded. */
  readonly decoding: Pick<DecodeOptions, "ground" | "orientation">;
  /** What a user should know of how files were read, in lines. */
  readonly notes: readonly string[];
  /** How a folder was read or, of two, each by its name. */
  readonly reading?: FolderReading | Readonly<Record<string, FolderReading>>;
  /** Absolute path of the file of each row; absent where there are no files. */
  readonly paths?: readonly string[] | undefined;
}

/** The splits of a data set. */
export async function loadSplits(
  name: DatasetName,
  options: LoadDatasetOptions,
): Promise<Sides> {
  const dataset = await loadDataset(name, { ...options, unlabelled: true });
  const { train, test } = dataset;
  return {
    dataset,
    names: { train: "train", test: "test", across: "across" },
    imagesOf: { train: "training", test: "test" },
    hasArchive: false,
    decoding: decodingOf(options.reading),
    notes: dataset.reading === undefined
      ? []
      : describeReading(dataset.reading),
    ...(dataset.reading && { reading: dataset.reading }),
    paths: filesOf(joinImages([train, test]), {
      path: options.dataDir,
      layout: dataset.reading?.layout,
    }),
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
  { reading, ...how }:
    & Pick<LoadDatasetOptions, "cache" | "onProgress">
    & { reading: Reading },
): Promise<Sides> {
  // Every image takes part, however either is split: its row is that in its file.
  const load = async (dataDir: string, imageSize = reading.imageSize) => {
    const set = await loadDataset("folder", {
      ...how,
      dataDir,
      whole: true,
      reading: { ...reading, ...(imageSize && { imageSize }) },
      unlabelled: true,
    });
    const images = set.train;
    const { paths } = images;
    if (paths === undefined) return { set, images };
    const order = Uint32Array.from(paths.keys())
      .sort((a, b) => paths[a]! < paths[b]! ? -1 : 1);
    return { set, images: selectRows(images, order) };
  };
  const old = await load(archive);
  // A size that is found is that of the archive, for both.
  const added = await load(folder, old.set.shape.slice(0, 2).join("x"));
  const classNames = [
    ...new Set([...old.set.classNames, ...added.set.classNames]),
  ];
  if (classNames.length > 256) {
    throw new UsageError(
      `"dataDir" and "against" must have at most 256 classes together, got ${classNames.length}`,
      { field: ["dataDir", "against"] },
    );
  }
  const oldFiles = filesOf(old.images, {
    path: archive,
    layout: old.set.reading?.layout,
  });
  const addedFiles = filesOf(added.images, {
    path: folder,
    layout: added.set.reading?.layout,
  });
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
    decoding: decodingOf(reading),
    notes: [old, added].flatMap(({ set }) => describeReading(set.reading!)),
    reading: { archive: old.set.reading!, new: added.set.reading! },
    paths: oldFiles && addedFiles && [...oldFiles, ...addedFiles],
  };
}

/** The files of a folder, or of a manifest, whose paths start at its own folder. */
function filesOf(
  { paths }: LabelledImages,
  { path: data, layout }: {
    path: string | undefined;
    layout: FolderReading["layout"] | undefined;
  },
): string[] | undefined {
  if (data === undefined) return undefined;
  const root = layout === "manifest" ? dirname(data) : data;
  return paths?.map((path) => resolve(root, path));
}

function decodingOf(
  { imageBackground: ground, imageOrientation: orientation }: Reading = {},
): Sides["decoding"] {
  return { ...(ground && { ground }), ...(orientation && { orientation }) };
}
