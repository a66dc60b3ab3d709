import { openBackend } from "../backend/open_backend.ts";
import { exportCell } from "../cell/export_cell.ts";
import { runCell } from "../cell/run_cell.ts";
import {
  type Dataset,
  type DatasetDigest,
  digestDataset,
} from "../data/dataset.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { BackendName } from "../spec/backends.ts";
import type { Cell } from "../spec/plan_cells.ts";

/** What a runner has opened. */
export interface OpenedRunner {
  /** Digest of the images that it has loaded. */
  readonly dataset: DatasetDigest;
  /** What the backend says of itself. */
  readonly backend: Record<string, unknown>;
}

/** Who is told of a cell that runs; see `CellListener`. */
export interface CellEvents {
  onProgress(share: number, epoch: number): void;
  onNotCompiled(reason: string): void;
}

/** Runs cells, one at a time: in this process, or in a worker of its own. */
export interface CellRunner {
  /** What it has loaded and opened. */
  readonly opened: OpenedRunner;
  /**
   * Runs one cell.
   *
   * @throws {Error} If the cell fails; the runner must not be used after that.
   * @throws {UsageError} If a file cannot be read or written.
   */
  run(cell: Cell, events: CellEvents): Promise<FinishedCell>;
  /** Ends the runner, and with it a cell that is running. */
  close(): void;
}

/** Where cells run in this process. */
export interface CellRunnerOptions {
  /** Backend to open. */
  backend: BackendName;
  /** The loaded images. */
  dataset: Dataset;
  /** Folder for exported weights and batch orders. */
  exportDir?: string | undefined;
}

/**
 * Opens a backend to run cells in this process.
 *
 * @throws {BackendError} If the backend is unavailable.
 */
export async function openCellRunner(
  { backend: name, dataset, exportDir }: CellRunnerOptions,
): Promise<CellRunner> {
  const backend = await openBackend(name);
  const stop = new AbortController();
  return {
    opened: {
      dataset: digestDataset(dataset),
      backend: backend.describe(),
    },
    async run(cell, events) {
      const files = exportDir === undefined
        ? undefined
        : exportCell(exportDir, cell, dataset);
      const finished = await runCell(cell, dataset, {
        backend,
        signal: stop.signal,
        ...events,
        ...files?.listener,
      });
      files?.finish(finished);
      return finished;
    },
    close: () => stop.abort(),
  };
}
