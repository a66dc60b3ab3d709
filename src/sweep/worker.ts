/**
 * A worker of a sweep: a process that runs one cell at a time. It takes
 * requests on standard input and answers on standard output (see
 * `messages.ts`), and ends when its input ends, so that no worker outlives its
 * sweep. A process, not a thread: a driver or memory fault takes down one cell,
 * not the sweep.
 *
 * @module
 */
import "../core/require_long.ts";
import { openBackend } from "../backend/open_backend.ts";
import { messageOf, UsageError } from "../core/errors.ts";
import { type Dataset, digestDataset } from "../data/dataset.ts";
import { loadDataset } from "../data/load_dataset.ts";
import { exportCell } from "../cell/export_cell.ts";
import { readLines } from "./read_lines.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import type { Pace } from "../train/epoch_clock.ts";
import { runCell } from "../cell/run_cell.ts";

/** How long a step may keep the event loop from seeing the input end. */
const BREATH_MS = 100;

/** Milliseconds between two reports of progress. */
const REPORT_MS = 200;

if (import.meta.main) {
  await work();
  Deno.exit(0);
}

async function work(): Promise<void> {
  // Standard output carries replies only.
  console.log = console.info = console.warn = console.error;
  // Ctrl-C reaches the whole process group; the sweep decides what it means.
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGINT", () => {});
  let dataset: Dataset | undefined;
  let pace: Pace | undefined;
  let chain = Promise.resolve();
  const serve = async (request: WorkerRequest): Promise<void> => {
    if (request.type === "open") {
      const { name, ...source } = request.dataset;
      dataset = await loadDataset(name, source);
      const backend = await openBackend(request.backend);
      pace = backend;
      reply({
        type: "opened",
        deno: Deno.version.deno,
        dataset: digestDataset(dataset),
        backend: backend.describe(),
      });
      return;
    }
    const { cell, exportDir } = request;
    let breathed = performance.now();
    let reported = 0;
    const files = exportDir === undefined ? {} : exportCell(exportDir, cell);
    const finished = await runCell(cell, dataset!, {
      ...pace,
      ...files,
      async settle() {
        await pace?.settle();
        if (performance.now() - breathed < BREATH_MS) return;
        await new Promise((resolve) => setTimeout(resolve, 0));
        breathed = performance.now();
      },
      onProgress(share, epoch) {
        if (performance.now() - reported < REPORT_MS) return;
        reported = performance.now();
        reply({ type: "progress", share, epoch });
      },
    });
    reply({ type: "finished", cell: finished });
  };
  for await (const line of readLines(Deno.stdin.readable)) {
    const request = JSON.parse(line) as WorkerRequest;
    // Not awaited: the loop must keep watching for the end of its input.
    chain = chain.then(() => serve(request)).catch(async (error) => {
      // A read-back from a lost device says no more than that it failed.
      const cause = await Promise.resolve(pace?.settle())
        .then(() => error, (fault) => fault);
      reply({
        type: "error",
        message: messageOf(cause),
        isUsage: cause instanceof UsageError,
      });
    });
  }
}

function reply(message: WorkerReply): void {
  const bytes = new TextEncoder().encode(JSON.stringify(message) + "\n");
  let at = 0;
  while (at < bytes.length) at += Deno.stdout.writeSync(bytes.subarray(at));
}
