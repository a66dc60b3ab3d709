import { countOf } from "../core/count_of.ts";
import type { SweepEnd, SweepOptions } from "../sweep/run_sweep.ts";
import type { Study } from "../spec/study.ts";
import { openCache } from "./cache_option.ts";
import type { CallIo } from "./io.ts";
import { showProgress } from "./progress.ts";
import { showLoading } from "./show_loading.ts";
import { approveCost, formatCost } from "./study_cost.ts";
import { withInterrupt } from "./with_interrupt.ts";

/** How to run a study from the command line. */
export interface RunOptions extends
  Omit<
    SweepOptions,
    "signal" | "listener" | "approve" | "cache" | "onLoading"
  > {
  /** Folder that keeps decoded images, or `off`; default: that of the user. */
  readonly cache: string | undefined;
  /** Whether the user has agreed to any cost. */
  readonly allowLong: boolean;
  /** Whether to print errors only. */
  readonly quiet: boolean;
}

/**
 * Runs a study: states its cost first, which the user may have to agree to, shows
 * how far it is, and ends early where it is interrupted, which is said.
 *
 * @throws {UsageError} If nobody agrees to the cost, and what `runSweep` throws.
 */
export async function runWithProgress(
  study: Study,
  { allowLong, quiet, cache, ...options }: RunOptions,
  io: CallIo,
): Promise<SweepEnd> {
  const { runSweep } = await import("../sweep/run_sweep.ts");
  const opened = await openCache(cache, io);
  const progress = quiet ? undefined : showProgress(io);
  const loading = showLoading(quiet ? undefined : io.terminal);
  try {
    const end = await withInterrupt(
      io,
      progress ?? {},
      ({ signal, listener }) =>
        runSweep(study, {
          ...options,
          cache: opened,
          async onLoading(done, total) {
            await loading.report(done, total);
            if (done === total) await loading.stop();
          },
          signal,
          listener,
          async approve(estimate) {
            if (!quiet) {
              io.note(
                `cost: up to ${formatCost(estimate)} for ${
                  countOf(estimate.cells, "cell")
                } on this machine (measured on ${estimate.backend}; ${
                  formatMinutes(estimate.hours, options.jobs)
                }; attacks that end early are not deducted)`,
              );
            }
            await approveCost(estimate, { allowLong, signal, ask: io.ask });
          },
        }),
    );
    await progress?.stop();
    if (end.status === "interrupted") {
      io.note(
        `Interrupted: ${end.finished} of ${end.cells} cells are kept; the same command runs the missing ones`,
      );
    }
    return end;
  } finally {
    await loading.stop();
    await progress?.stop();
  }
}

/** How long that is for so many jobs at a time. */
function formatMinutes(hours: number, jobs = 1): string {
  const minutes = Math.max(1, Math.ceil(60 * hours / jobs));
  const time = minutes < 120
    ? countOf(minutes, "minute")
    : `${Math.ceil(minutes / 60)} hours`;
  return `${time} with ${countOf(jobs, "job")}`;
}
