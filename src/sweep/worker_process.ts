import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import { engine } from "../core/runtime/engine.ts";
import type { Dataset } from "../data/dataset.ts";
import { packDataset } from "../data/pack_dataset.ts";
import type { BackendName } from "../spec/backends.ts";
import type { CellRunner } from "./cell_runner.ts";
import { judgeSilence, watchSilence } from "./heartbeat.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import { openInput } from "./open_input.ts";
import { spawnWorker, type WorkerPermissions } from "./worker_command.ts";

/** How to start a worker. */
export interface WorkerOptions extends WorkerPermissions {
  /** Backend to open. */
  backend: BackendName;
  /** Images, which it is sent. */
  dataset: Dataset;
  /** Seconds without a heartbeat after which it is killed; see `judgeSilence`. */
  stallLimit?: number | undefined;
  /** Kills it, also before it is ready. */
  signal?: AbortSignal | undefined;
}

/** Characters kept of what a worker writes on standard error. */
const STDERR_TAIL = 2000;

/**
 * Starts a worker process with the permissions that cells need: reading,
 * environment variables and system facts; writing only to `exportDir`; native
 * code only if `usesNativeCode`; no network, no subprocesses.
 *
 * @returns A runner in that process; closing it kills the process, and ends what
 * waits for it at once.
 * @throws {Error} If the worker dies or stands still before it is ready, or the
 * signal ends it.
 * @throws {UsageError} If this process may not start another.
 * @throws {BackendError} If the worker runs on another engine or version of it.
 */
export async function startWorker(
  { backend, dataset, stallLimit, signal, ...permissions }: WorkerOptions,
): Promise<CellRunner> {
  const { exportDir } = permissions;
  const child = await spawnWorker(permissions);
  const stdin = child.stdin.getWriter();
  const replies = openInput(child.stdout);
  let stderr = "";
  const drained = (async () => {
    for await (const chunk of child.stderr) {
      stderr = (stderr + new TextDecoder().decode(chunk)).slice(-STDERR_TAIL);
    }
  })();

  // Rejects when the worker is ended from here: a killed process may take its
  // time to go, for instance in a driver, and nobody waits for that.
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const onAbort = () => end("The worker was ended");
  const end = (message: string) => {
    signal?.removeEventListener("abort", onAbort);
    ended.reject(new Error(message));
    // The end of its input ends an idle worker; the signal ends a busy one.
    stdin.close().catch(() => {});
    try {
      child.kill("SIGKILL");
    } catch {
      // Already gone.
    }
  };
  const close = () => end("The worker was closed");
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);

  const send = (bytes: Uint8Array) =>
    Promise.race([stdin.write(bytes), ended.promise]);
  const ask = (request: WorkerRequest) =>
    send(new TextEncoder().encode(JSON.stringify(request) + "\n"));
  async function open(): Promise<void> {
    const { header, blocks } = packDataset(dataset);
    await ask({
      type: "open",
      backend,
      dataset: header,
      ...(exportDir !== undefined && { exportDir }),
    });
    for (const block of blocks) await send(block);
  }
  const silence = judgeSilence(stallLimit);
  type Answer = Exclude<WorkerReply, { type: "alive" }>;
  async function next(): Promise<Answer> {
    const unwatch = watchSilence(silence, (limit) => {
      end(
        `The worker (process ${child.pid}) sent no heartbeat for ${limit} s and was killed; --stall-limit sets the limit`,
      );
    });
    try {
      while (true) {
        const reply = await Promise.race([read(), ended.promise]);
        if (reply.type !== "alive") return reply;
        silence.end();
      }
    } finally {
      unwatch();
    }
  }
  async function read(): Promise<WorkerReply> {
    const line = await replies.line();
    if (line === undefined) {
      const { code, signal } = await child.status;
      await drained;
      const why = signal === null ? `exit code ${code}` : signal;
      throw new Error(
        `The worker died (${why})${stderr && `: ${messageOf(stderr)}`}`,
      );
    }
    const reply = JSON.parse(line) as WorkerReply;
    if (reply.type === "error") {
      throw reply.isUsage
        ? new UsageError(reply.message, { field: reply.fields })
        : new Error(reply.message);
    }
    return reply;
  }

  try {
    // While its answer is waited for, so that one that takes no images is seen
    // to stand still, and one that dies says why.
    open().catch(() => {});
    const opened = await next();
    if (opened.type !== "opened") {
      throw new Error("The worker did not confirm that it is open");
    }
    const { name, version } = opened.engine;
    if (name !== engine.name || version !== engine.version) {
      throw new BackendError(
        `Workers must run on ${engine.name} ${engine.version} as the sweep does, got ${name} ${version} on PATH`,
      );
    }
    return {
      opened,
      close,
      async run(cell, { onProgress, onNotCompiled }) {
        await ask({ type: "run", cell });
        while (true) {
          const reply = await next();
          if (reply.type === "finished") return reply.cell;
          if (reply.type === "progress") onProgress(reply.share, reply.epoch);
          if (reply.type === "notCompiled") onNotCompiled(reply.reason);
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
