import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import type { BackendName } from "../spec/backends.ts";
import type { CellRunner } from "./cell_runner.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import { readLines } from "./read_lines.ts";
import type { DatasetRequest } from "./request_dataset.ts";

/** How to start a worker. */
export interface WorkerOptions {
  /** Backend to open. */
  backend: BackendName;
  /** Images to load. */
  dataset: DatasetRequest;
  /** Folder for exported weights; the only place a worker may write. */
  exportDir?: string | undefined;
  /** Whether cells need imagescript's native JPEG encoder. */
  usesNativeCode?: boolean | undefined;
}

/** Characters kept of what a worker writes on standard error. */
const STDERR_TAIL = 2000;

/**
 * Starts a worker process with the permissions that cells need: reading,
 * environment variables and system facts; writing only to `exportDir`; native
 * code only if `usesNativeCode`; no network, no subprocesses.
 *
 * @returns A runner in that process; closing it kills the process.
 * @throws {Error} If the worker dies before it is ready.
 * @throws {UsageError} If the data set is unavailable, or this process may not
 * start another.
 * @throws {BackendError} If the worker runs on another version of Deno.
 */
export async function startWorker(
  { backend, dataset, exportDir, usesNativeCode }: WorkerOptions,
): Promise<CellRunner> {
  const script = new URL("./worker.ts", import.meta.url);
  // As in the tasks of deno.json, which does not name the lock file itself.
  const lock = new URL("../../deno.lock", import.meta.url);
  const child = spawn(await denoCommand(), [
    "run",
    "--quiet",
    ...(lock.protocol === "file:" ? [`--lock=${lock.pathname}`] : []),
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    ...(exportDir === undefined ? [] : [`--allow-write=${exportDir}`]),
    ...(usesNativeCode === true ? ["--allow-ffi"] : []),
    script.protocol === "file:" ? script.pathname : script.href,
  ]);
  const stdin = child.stdin.getWriter();
  const replies = readLines(child.stdout);
  let stderr = "";
  const drained = (async () => {
    for await (const chunk of child.stderr) {
      stderr = (stderr + new TextDecoder().decode(chunk)).slice(-STDERR_TAIL);
    }
  })();

  const ask = (request: WorkerRequest) =>
    stdin.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
  async function next(): Promise<WorkerReply> {
    const { value, done } = await replies.next();
    if (done) {
      const { code, signal } = await child.status;
      await drained;
      const why = signal === null ? `exit code ${code}` : signal;
      throw new Error(
        `The worker died (${why})${stderr && `: ${messageOf(stderr)}`}`,
      );
    }
    const reply = JSON.parse(value) as WorkerReply;
    if (reply.type === "error") {
      throw reply.isUsage
        ? new UsageError(reply.message, { field: reply.fields })
        : new Error(reply.message);
    }
    return reply;
  }
  const close = () => {
    // The end of its input ends an idle worker; the signal ends a busy one.
    stdin.close().catch(() => {});
    try {
      child.kill("SIGKILL");
    } catch {
      // Already gone.
    }
  };

  try {
    await ask({
      type: "open",
      backend,
      dataset,
      ...(exportDir !== undefined && { exportDir }),
    });
    const opened = await next();
    if (opened.type !== "opened") {
      throw new Error("The worker did not confirm that it is open");
    }
    if (opened.deno !== Deno.version.deno) {
      throw new BackendError(
        `The deno on PATH must have the version of the one that runs, ${Deno.version.deno}, got ${opened.deno}`,
      );
    }
    return {
      opened,
      close,
      async run(cell, onProgress) {
        await ask({ type: "run", cell });
        while (true) {
          const reply = await next();
          if (reply.type === "finished") return reply.cell;
          if (reply.type === "progress") onProgress(reply.share, reply.epoch);
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

function spawn(command: string, args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(command, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new UsageError(
      "Worker processes need the permission --allow-run=deno",
    );
  }
}

/**
 * The running executable where permissions allow it; otherwise `deno` on PATH,
 * which is what `--allow-run=deno` grants (npm installs put a launcher there).
 */
async function denoCommand(): Promise<string> {
  const command = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command });
  return state === "granted" ? command : "deno";
}
