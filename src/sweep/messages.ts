import type { FinishedCell } from "../results/result_set.ts";
import type { BackendName } from "../spec/backends.ts";
import type { Cell } from "../spec/plan_cells.ts";
import type { OpenedRunner } from "./cell_runner.ts";
import type { DatasetRequest } from "./request_dataset.ts";

/** What a worker is asked: one JSON object per line on standard input. */
export type WorkerRequest =
  | {
    type: "open";
    backend: BackendName;
    dataset: DatasetRequest;
    exportDir?: string;
  }
  | { type: "run"; cell: Cell };

/** What a worker answers: one JSON object per line on standard output. */
export type WorkerReply =
  | { type: "opened"; deno: string } & OpenedRunner
  | { type: "alive" }
  | { type: "progress"; share: number; epoch: number }
  | { type: "notCompiled"; reason: string }
  | { type: "finished"; cell: FinishedCell }
  | {
    type: "error";
    message: string;
    /** Whether it is a mistake of the user, so that another try is useless. */
    isUsage: boolean;
    /** Fields that the message names. */
    fields: readonly string[];
  };
