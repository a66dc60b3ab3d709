import type { DatasetDigest } from "../data/dataset.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { BackendName } from "../spec/backends.ts";
import type { Cell } from "../spec/plan_cells.ts";

/** Which images a worker is to load. */
export interface DatasetRequest {
  /** Name of the data set. */
  name: Cell["config"]["dataset"]["name"];
  /** Folder of the files, where the data set has one. */
  dataDir?: string;
  /** Size of the subset of the training images. */
  limitTrain?: number;
  /** Size of the subset of the test images. */
  limitTest?: number;
  /** Whether the training images left out are loaded, too. */
  reserve?: boolean;
}

/** What the sweep tells a worker: one JSON object a line on standard input. */
export type WorkerRequest =
  | { type: "open"; backend: BackendName; dataset: DatasetRequest }
  | { type: "run"; cell: Cell; exportDir?: string };

/** What a worker answers: one JSON object a line on standard output. */
export type WorkerReply =
  | {
    type: "opened";
    deno: string;
    dataset: DatasetDigest;
    backend: Record<string, unknown>;
  }
  | { type: "progress"; share: number; epoch: number }
  | { type: "finished"; cell: FinishedCell }
  | {
    type: "error";
    message: string;
    /** Whether it is a mistake of the user, which no second attempt mends. */
    isUsage: boolean;
  };
