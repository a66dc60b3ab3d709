import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { type DatasetName, datasetNames } from "../spec/datasets.ts";
import type { CallIo } from "./io.ts";
import { dataPath } from "./path_option.ts";

/** The data set where nothing is named. */
const DEFAULT: DatasetName = "cifar10-mini";

/** The options of commands that load a data set: which one, and where it is. */
export const dataOptions = {
  dataset: z.enum(datasetNames).optional().meta({ fallback: DEFAULT }).describe(
    "Images; with --data, recognised from its content",
  ),
  dataDir: dataPath().optional().describe(
    "Your own images, a folder or a file, or the folder of a data set's files; the layout is recognised",
  ),
  paths: z.array(dataPath()).max(1, {
    error: "Name one folder or file of images",
  }).default([]),
};

/** What a command was told of its data. */
interface Given {
  readonly dataset?: DatasetName | undefined;
  readonly dataDir?: string | undefined;
  /** The words between the options, at most one. */
  readonly paths: readonly string[];
}

/** The data set that a command loads, and the path as the user gave it. */
export interface ChosenData {
  readonly name: DatasetName;
  readonly dataDir?: string;
}

/**
 * Says what is loaded: what is named or, by its content, what is at the path.
 *
 * @throws {UsageError} If two paths are given.
 */
export async function chooseData(
  { dataset, dataDir, paths: [operand] }: Given,
  io: Pick<CallIo, "path">,
): Promise<ChosenData> {
  if (dataDir !== undefined && operand !== undefined) {
    throw new UsageError(
      `"${operand}" and "dataDir" "${dataDir}" both name data: give only one of them`,
      { field: "dataDir" },
    );
  }
  const path = dataDir ?? operand;
  if (path === undefined) return { name: dataset ?? DEFAULT };
  if (dataset !== undefined) return { name: dataset, dataDir: path };
  const { recogniseDataset } = await import("../data/recognise_dataset.ts");
  const [name] = await recogniseDataset(io.path(path));
  return { name, dataDir: path };
}
