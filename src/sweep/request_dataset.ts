import type { LoadDatasetOptions } from "../data/load_dataset.ts";
import { standInAxis } from "../spec/axes/stand_in.ts";
import type { DatasetName } from "../spec/datasets.ts";
import { pickReading } from "../spec/reading.ts";
import { valuesOf } from "../spec/values_of.ts";
import { repeatableStudy } from "../spec/renewed_fields.ts";
import type { Study } from "../spec/study.ts";

/** A data set to load: what `loadDataset` takes, as one object. */
export interface DatasetRequest extends LoadDatasetOptions {
  /** Name of the data set. */
  readonly name: DatasetName;
}

/**
 * The images that the cells of a study need.
 *
 * @param dataDir Folder of the data set's files, where it has one.
 */
export function requestDataset(
  study: Study,
  dataDir: string | undefined,
): DatasetRequest {
  const repeatable = repeatableStudy(study);
  const { split } = repeatable;
  return {
    name: study.dataset,
    ...(split !== undefined && { split }),
    ...(study.dataset === "folder" && { reading: pickReading(repeatable) }),
    ...(dataDir !== undefined && { dataDir }),
    ...(study.limitTrain !== undefined && { limitTrain: study.limitTrain }),
    ...(study.limitTest !== undefined && { limitTest: study.limitTest }),
    ...(study.leaks !== undefined && { leaks: study.leaks }),
    ...(valuesOf(study, standInAxis).includes("fresh") && { reserve: true }),
  };
}
