import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import type { FailedCell, FinishedCell } from "../results/result_set.ts";
import type { Cell } from "../spec/plan_cells.ts";
import type { CellRunner, OpenedRunner } from "./cell_runner.ts";

/** How to run cells, and who is told. */
export interface RunCellsOptions {
  /**
   * Opens a runner: one per job, and a new one after a failure. The signal ends
   * the opening.
   */
  openRunner: (signal: AbortSignal) => Promise<CellRunner>;
  /** Cells run at a time, at least 1. */
  jobs: number;
  /** Ends the run: runners are closed, unfinished cells are left out. */
  signal?: AbortSignal | undefined;
  /** Called with what each runner has opened, before it runs a cell. */
  onOpened?: (opened: OpenedRunner) => void;
  /** Called while a cell runs. */
  onProgress?: (cell: Cell, share: number, epoch: number) => void;
  /** Called when the network of a cell is not compiled, and why. */
  onNotCompiled?: ((cell: Cell, reason: string) => void) | undefined;
  /** Called when a cell has failed for the first time and runs once more. */
  onRetry?: ((cell: Cell, error: string) => void) | undefined;
  /** Awaited for each finished cell, before its runner takes the next. */
  onFinished: (cell: FinishedCell) => Promise<void>;
}

/** Attempts at a cell that fails. */
const ATTEMPTS = 2;

/**
 * Runs cells, several at a time. A cell that fails is tried once more in a new
 * runner; if it fails again, it is recorded as failed, and the others still run.
 *
 * @returns The cells that failed twice.
 * @throws What `onFinished` throws, such as for a full disk; the run then ends.
 * @throws {UsageError} If a file cannot be read or written, which is not a fault
 * of the cell and would happen to others.
 * @throws {BackendError} If the backend of this process fails.
 */
export async function runCells(
  cells: readonly Cell[],
  options: RunCellsOptions,
): Promise<FailedCell[]> {
  const { jobs, signal } = options;
  const queue = [...cells];
  const failed: FailedCell[] = [];
  const runners = new Set<CellRunner>();
  const stop = new AbortController();
  const stopped = () => stop.signal.aborted || signal?.aborted === true;
  const closeAll = () => runners.forEach((runner) => runner.close());
  const either = AbortSignal.any(
    signal ? [stop.signal, signal] : [stop.signal],
  );
  signal?.addEventListener("abort", closeAll);

  async function runQueue(): Promise<void> {
    let runner: CellRunner | undefined;
    try {
      for (let cell; !stopped() && (cell = queue.shift());) {
        for (let attempt = 1; !stopped(); attempt++) {
          let finished: FinishedCell;
          try {
            runner ??= await open();
            const running = cell;
            finished = await runner.run(cell, {
              onProgress: (share, epoch) =>
                options.onProgress?.(running, share, epoch),
              onNotCompiled: (reason) =>
                options.onNotCompiled?.(running, reason),
            });
          } catch (error) {
            if (error instanceof BackendError || error instanceof UsageError) {
              throw error;
            }
            if (runner) close(runner);
            runner = undefined;
            if (stopped()) continue;
            if (attempt < ATTEMPTS) {
              options.onRetry?.(cell, messageOf(error));
              continue;
            }
            failed.push({
              id: cell.id,
              status: "failed",
              config: cell.config,
              error: messageOf(error),
            });
            break;
          }
          if (!stopped()) await options.onFinished(finished);
          break;
        }
      }
    } catch (error) {
      stop.abort();
      closeAll();
      throw error;
    } finally {
      if (runner) close(runner);
    }
  }

  async function open(): Promise<CellRunner> {
    const runner = await options.openRunner(either);
    runners.add(runner);
    if (stopped()) close(runner);
    options.onOpened?.(runner.opened);
    return runner;
  }
  function close(runner: CellRunner) {
    runner.close();
    runners.delete(runner);
  }

  try {
    const count = Math.max(1, Math.min(jobs, cells.length));
    const ended = await Promise.allSettled(
      Array.from({ length: count }, runQueue),
    );
    for (const end of ended) if (end.status === "rejected") throw end.reason;
    return failed;
  } finally {
    signal?.removeEventListener("abort", closeAll);
  }
}
