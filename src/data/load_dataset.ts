import { UsageError } from "../core/errors.ts";
import { type DatasetName, datasetNames } from "../spec/datasets.ts";
import type { Reading } from "../spec/reading.ts";
import { readingFieldNames, readingSchema } from "../spec/reading.ts";
import { validateInput } from "../spec/validate_input.ts";
import { type LeakRule, leakRules } from "../spec/leak_rules.ts";
import { type SplitRule, splits } from "../spec/splits.ts";
import { loadCifar100Binary } from "./cifar100_binary.ts";
import { loadCifar10Binary } from "./cifar10_binary.ts";
import { loadCifar10Mini } from "./cifar10_mini.ts";
import { loadCifar10Npm } from "./cifar10_npm.ts";
import type { PixelCache } from "./cache/pixel_cache.ts";
import type { Dataset } from "./dataset.ts";
import { loadFashionMnist } from "./fashion_mnist.ts";
import { leakedRows } from "./leaked_rows.ts";
import type { LoadListener } from "./folder/read_images.ts";
import { loadImageFolder } from "./image_folder.ts";
import { installCifar10 } from "./install_cifar10.ts";
import { type DatasetLimits, limitDataset } from "./limit_dataset.ts";
import { setLeaksApart } from "./set_leaks_apart.ts";

/** Where a data set is read from, and how much of it is kept. */
export interface LoadDatasetOptions extends DatasetLimits {
  /**
   * Folder of the data: the official binary version for `cifar10`, `cifar100` and
   * `cifar100-coarse`, the IDX files for `fashion-mnist`, the class folders for
   * `folder`, or a manifest of images. `cifar10` and `fashion-mnist` can do without; `cifar10-mini` takes
   * none.
   */
  readonly dataDir?: string | undefined;
  /**
   * How a `folder` is split into training and test images; default `groups`: no
   * image of one side has a duplicate on the other. Other data sets take none.
   */
  readonly split?: SplitRule | undefined;
  /** How the images of a `folder` are read; other data sets take none. */
  readonly reading?: Reading | undefined;
  /**
   * Whether the labels of a `folder` do not matter: images without any are of one
   * class, a class may have one image or none, and one that is tested need not be
   * trained on; default false.
   */
  readonly unlabelled?: boolean | undefined;
  /**
   * Whether all images of a `folder` are training images, those for validation too,
   * in its own order; default false.
   */
  readonly whole?: boolean | undefined;
  /** Keeps the decoded images of a `folder`; default: nothing is kept. */
  readonly cache?: PixelCache | undefined;
  /** Told how many images of a `folder` are read, of how many; waited for. */
  readonly onProgress?: LoadListener | undefined;
  /**
   * What becomes of test images with a duplicate among the training images, limits
   * applied; default `counted`.
   */
  readonly leaks?: LeakRule | undefined;
}

/** Loads a whole data set from its folder, where it has one. */
type Loader = (
  dataDir: string | undefined,
  options: LoadDatasetOptions,
) => Promise<Dataset>;

const loaders: Readonly<Record<DatasetName, Loader>> = {
  async "cifar10-mini"(dataDir) {
    if (dataDir === undefined) return await loadCifar10Mini();
    throw new UsageError(
      `The data set "cifar10-mini" is embedded and takes no "dataDir", got "${dataDir}"`,
      { field: "dataDir" },
    );
  },
  "cifar10": async (dataDir) =>
    dataDir === undefined
      ? await loadCifar10Npm(await installCifar10())
      : await loadCifar10Binary(dataDir),
  "cifar100": (dataDir) => loadCifar100Binary("cifar100", dataDir),
  "cifar100-coarse": (dataDir) =>
    loadCifar100Binary("cifar100-coarse", dataDir),
  "fashion-mnist": loadFashionMnist,
  async "folder"(dataDir, options) {
    if (dataDir !== undefined) return await loadImageFolder(dataDir, options);
    throw new UsageError(
      'The data set "folder" needs "dataDir": a directory with one sub-folder per class',
      { field: "dataDir" },
    );
  },
};

/**
 * Loads a data set, checked and decoded, and limits it. The same name, folder
 * and limits give the same bytes on every machine: its random choices (subset
 * and split) have a seed of their own, not that of a run.
 *
 * @throws {UsageError} If the data is absent or faulty, or an option does not
 * fit it.
 */
export async function loadDataset(
  name: DatasetName,
  options: LoadDatasetOptions = {},
): Promise<Dataset> {
  const { dataDir, split, reading, limitTrain, limitTest, reserve } = options;
  if (!Object.hasOwn(loaders, name)) {
    throw new UsageError(
      `"dataset" must be one of ${datasetNames.join(", ")}, got "${name}"`,
      { field: "dataset" },
    );
  }
  const rules = { split: splits, leaks: leakRules };
  for (const field of ["split", "leaks"] as const) {
    const value = options[field];
    const known = Object.keys(rules[field]);
    if (value === undefined || known.includes(value)) continue;
    throw new UsageError(
      `"${field}" must be one of ${known.join(", ")}, got "${value}"`,
      { field },
    );
  }
  if (split !== undefined && name !== "folder") {
    throw new UsageError(
      `The data set "${name}" comes split and takes no "split", got "${split}"`,
      { field: "split" },
    );
  }
  const field = readingFieldNames.find((field) =>
    reading?.[field] !== undefined
  );
  if (field !== undefined && name !== "folder") {
    throw new UsageError(
      `The data set "${name}" has images of one size and takes no "${field}", got "${
        reading![field]
      }"`,
      { field },
    );
  }
  if (reading !== undefined) validateInput(readingSchema, reading, '"reading"');
  const path = dataDir?.replace(/(?<=.)[\\/]+$/, "");
  const whole = await loaders[name](path, options);
  const limited = limitDataset(whole, { limitTrain, limitTest, reserve });
  return options.leaks === "apart"
    ? setLeaksApart(limited, await leakedRows(limited))
    : limited;
}
