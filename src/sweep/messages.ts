import type { Engine } from "../core/runtime/engine.ts";
import type { DatasetHeader } from "../data/pack_dataset.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { BackendName } from "../spec/backends.ts";
import type { Cell } from "../spec/plan_cells.ts";
import type { OpenedRunner } from "./cell_runner.ts";

/**
 * What a worker is asked: one JSON object per line on standard input. The bytes
 * of the images follow the line that opens it.
 */
export type WorkerRequest =
  | {
    type: "open";
    backend: BackendName;
    dataset: DatasetHeader;
    exportDir?: string;
  }
  | { type: "run"; cell: Cell };

/** What a worker answers: one JSON object per line on standard output. */
export type WorkerReply =
  | { type: "opened"; engine: Engine } & OpenedRunner
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
