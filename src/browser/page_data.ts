import type { ResultSet } from "../results/result_set.ts";
import type { DatasetLimits } from "../data/limit_dataset.ts";
import type { PageCell } from "./page_cell.ts";

/** What the script of a page reads from it. */
export interface PageData {
  /** The cells that the reader can choose. */
  readonly cells: readonly PageCell[];
  /** What was recorded of their images. */
  readonly dataset: ResultSet["dataset"];
  /** How much of the data set was kept. */
  readonly limits: DatasetLimits;
}

/** Ids of the blocks of a page that hold bytes, as gzip in base64. */
export const blockIds = {
  data: "data-cells",
  worker: "data-worker",
  tfjs: "data-tfjs",
  kernels: "data-kernels",
  images: "data-images",
} as const;
