import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import type { FailedCell, FinishedCell } from "../results/result_set.ts";
import type { Cell } from "../spec/plan_cells.ts";
import type { WorkerReply } from "./messages.ts";
import {
  startWorker,
  type WorkerOptions,
  type WorkerProcess,
} from "./worker_process.ts";

/** How to run cells, and whom to tell. */
export interface RunCellsOptions extends WorkerOptions {
  /** Worker processes, one cell each at a time; at least 1. */
  jobs: number;
  /** Ends the run: workers are killed, unfinished cells are left out. */
  signal?: AbortSignal;
  /** Called with what each worker loaded and opened, before it runs a cell. */
  onOpened?: (opened: WorkerReply & { type: "opened" }) => void;
  /** Called while a cell runs. */
  onProgress?: (cell: Cell, share: number, epoch: number) => void;
  /** Awaited for each finished cell, before its worker takes the next. */
  onFinished: (cell: FinishedCell) => Promise<void>;
}

/** Attempts at a cell whose worker dies. */
const ATTEMPTS = 2;

/**
 * Runs cells in worker processes. A cell whose worker fails is tried once more
 * in a fresh one; if that fails, too, it is recorded as failed and the rest go
 * on.
 *
 * @returns The cells that failed twice.
 * @throws What `onFinished` throws, such as a full disk; the run then ends.
 * @throws {UsageError} If a worker cannot read or write a file: the cell is not
 * at fault, and the others would fare no better.
 */
export async function runCells(
  cells: readonly Cell[],
  options: RunCellsOptions,
): Promise<FailedCell[]> {
  const { jobs, signal, onFinished } = options;
  const queue = [...cells];
  const failed: FailedCell[] = [];
  const workers = new Set<WorkerProcess>();
  const stop = new AbortController();
  const stopped = () => stop.signal.aborted || signal?.aborted === true;
  const killAll = () => workers.forEach((worker) => worker.kill());
  signal?.addEventListener("abort", killAll);

  async function lane(): Promise<void> {
    let worker: WorkerProcess | undefined;
    try {
      for (let cell; !stopped() && (cell = queue.shift());) {
        for (let attempt = 1; !stopped(); attempt++) {
          try {
            worker ??= await open();
            const running = cell;
            const done = await worker.run(
              cell,
              (share, epoch) => options.onProgress?.(running, share, epoch),
            );
            if (!stopped()) await keep(done);
            break;
          } catch (error) {
            if (
              error instanceof Fatal || error instanceof BackendError ||
              error instanceof UsageError
            ) {
              throw error;
            }
            if (worker) close(worker);
            worker = undefined;
            if (attempt < ATTEMPTS || stopped()) continue;
            failed.push({
              id: cell.id,
              status: "failed",
              config: cell.config,
              error: messageOf(error),
            });
            break;
          }
        }
      }
    } catch (error) {
      stop.abort();
      killAll();
      throw error instanceof Fatal ? error.cause : error;
    } finally {
      if (worker) close(worker);
    }
  }

  async function open(): Promise<WorkerProcess> {
    const worker = await startWorker(options);
    workers.add(worker);
    if (stopped()) close(worker);
    options.onOpened?.(worker.opened);
    return worker;
  }
  function close(worker: WorkerProcess) {
    worker.kill();
    workers.delete(worker);
  }
  async function keep(cell: FinishedCell) {
    try {
      await onFinished(cell);
    } catch (cause) {
      throw new Fatal("a finished cell could not be kept", { cause });
    }
  }

  try {
    const lanes = Math.max(1, Math.min(jobs, cells.length));
    const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
    return failed;
  } finally {
    signal?.removeEventListener("abort", killAll);
  }
}

/** Marks an error that ends the whole run rather than one attempt. */
class Fatal extends Error {}
