import { UsageError } from "../core/errors.ts";
import { type DatasetName, datasetNames } from "../spec/datasets.ts";
import { loadCifar10Binary } from "./cifar10_binary.ts";
import { loadCifar10Mini } from "./cifar10_mini.ts";
import { loadCifar10Npm } from "./cifar10_npm.ts";
import type { Dataset } from "./dataset.ts";
import { loadFashionMnist } from "./fashion_mnist.ts";
import { loadImageFolder } from "./image_folder.ts";
import { installCifar10 } from "./install_cifar10.ts";
import { leftOutRows, limitRows } from "./limit_rows.ts";

/** Where a data set is read from, and how much of it is kept. */
export interface LoadDatasetOptions {
  /**
   * Folder of the data: the official binary version for `cifar10`, the IDX
   * files for `fashion-mnist`, the class folders for `folder`. Only `folder`
   * needs one; `cifar10-mini` takes none.
   */
  readonly dataDir?: string | undefined;
  /** Training images kept, a class-balanced subset; all where absent. */
  readonly limitTrain?: number | undefined;
  /** Test images kept, a class-balanced subset; all where absent. */
  readonly limitTest?: number | undefined;
  /** Whether to keep the training images left out, too, as a reserve. */
  readonly reserve?: boolean | undefined;
}

/**
 * Loads a data set, checked and decoded, and limits it. The same name, folder
 * and limits give the same bytes on every machine: what is random in it (subset
 * and split) has a seed of its own and not that of a run.
 *
 * @throws {UsageError} If the data is absent or faulty, or an option does not
 * fit it; the message is one line that names file and fault.
 */
export async function loadDataset(
  name: DatasetName,
  { dataDir, limitTrain, limitTest, reserve }: LoadDatasetOptions = {},
): Promise<Dataset> {
  const whole = await loadWhole(name, dataDir?.replace(/(?<=.)[\\/]+$/, ""));
  return {
    ...whole,
    train: limitTrain === undefined
      ? whole.train
      : limitRows(whole, { split: "train", count: limitTrain }),
    test: limitTest === undefined
      ? whole.test
      : limitRows(whole, { split: "test", count: limitTest }),
    ...(reserve && {
      reserve: leftOutRows(whole, limitTrain ?? whole.train.rows),
    }),
  };
}

async function loadWhole(
  name: DatasetName,
  dataDir: string | undefined,
): Promise<Dataset> {
  switch (name) {
    case "cifar10-mini":
      if (dataDir === undefined) return await loadCifar10Mini();
      throw new UsageError(
        `Cannot load cifar10-mini as --data-dir must be absent for embedded data: current value is "${dataDir}"`,
      );
    case "cifar10":
      return dataDir === undefined
        ? await loadCifar10Npm(await installCifar10())
        : await loadCifar10Binary(dataDir);
    case "fashion-mnist":
      return await loadFashionMnist(dataDir);
    case "folder":
      if (dataDir !== undefined) return await loadImageFolder(dataDir);
      throw new UsageError(
        `Cannot load folder as --data-dir must name a folder with one sub-folder of images a class: current value is absent`,
      );
    default:
      throw new UsageError(
        `Cannot load data set as --dataset must be one of ${
          datasetNames.join(", ")
        }: current value is "${name satisfies never}"`,
      );
  }
}
