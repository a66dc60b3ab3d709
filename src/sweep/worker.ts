/**
 * A worker of a sweep: a process that runs one cell at a time. It takes
 * requests on standard input and answers on standard output (see
 * `messages.ts`), and ends when its input ends, so that no worker outlives its
 * sweep. It is a process and not a thread, so that a fault of a driver or of
 * memory ends one cell and not the sweep.
 *
 * @module
 */
import "../core/complete_builtins.ts";
import "../core/require_long.ts";
import process from "node:process";
import { messageOf, UsageError } from "../core/errors.ts";
import { engine } from "../core/runtime/engine.ts";
import { openStdin, writeAllSync } from "../core/runtime/standard_streams.ts";
import { platform } from "../core/runtime/system.ts";
import { unpackDataset } from "../data/pack_dataset.ts";
import { type CellRunner, openCellRunner } from "./cell_runner.ts";
import { HEARTBEAT_MS } from "./heartbeat.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import { openInput } from "./open_input.ts";

/** Milliseconds between two reports of progress. */
const REPORT_MS = 200;

await work();
process.exit(0);

async function work(): Promise<void> {
  // Standard output carries replies only.
  console.log = console.info = console.warn = console.error;
  // Ctrl-C reaches the whole process group; the sweep decides what it means.
  if (platform !== "windows") process.on("SIGINT", () => {});
  // From this thread, so that it stops when the thread does.
  setInterval(() => reply({ type: "alive" }), HEARTBEAT_MS);
  let runner: CellRunner | undefined;
  let reportedAt = 0;
  const serve = async (
    request: WorkerRequest,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<void> => {
    if (request.type === "open") {
      runner = await openCellRunner({
        ...request,
        dataset: unpackDataset(request.dataset, bytes),
      });
      const { dataset, backend } = runner.opened;
      reply({ type: "opened", engine, dataset, backend });
      return;
    }
    const cell = await runner!.run(request.cell, {
      onProgress(share, epoch) {
        if (performance.now() - reportedAt < REPORT_MS) return;
        reportedAt = performance.now();
        reply({ type: "progress", share, epoch });
      },
      onNotCompiled: (reason) => reply({ type: "notCompiled", reason }),
    });
    reply({ type: "finished", cell });
  };
  let served = Promise.resolve();
  const input = openInput(openStdin());
  while (true) {
    const line = await input.line();
    if (line === undefined) return;
    const request = JSON.parse(line) as WorkerRequest;
    const bytes = await input.bytes(
      request.type === "open" ? request.dataset.bytes : 0,
    );
    if (bytes === undefined) return;
    // Not awaited, so that the end of the input is seen while a cell runs.
    served = served.then(() => serve(request, bytes)).catch((error) => {
      const isUsage = error instanceof UsageError;
      reply({
        type: "error",
        message: messageOf(error),
        isUsage,
        fields: isUsage ? error.fields : [],
      });
    });
  }
}

function reply(message: WorkerReply): void {
  writeAllSync(1, new TextEncoder().encode(JSON.stringify(message) + "\n"));
}
