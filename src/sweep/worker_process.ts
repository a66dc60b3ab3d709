import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import type { FinishedCell } from "../results/result_set.ts";
import type { BackendName } from "../spec/backends.ts";
import type { Cell } from "../spec/plan_cells.ts";
import type { DatasetRequest, WorkerReply, WorkerRequest } from "./messages.ts";
import { readLines } from "./read_lines.ts";

/** How to start a worker. */
export interface WorkerOptions {
  /** Backend to open. */
  backend: BackendName;
  /** Images to load. */
  dataset: DatasetRequest;
  /** Folder for exported weights; the only place a worker may write. */
  exportDir?: string | undefined;
  /** Whether its cells need imagescript's native JPEG encoder. */
  usesNativeCode?: boolean | undefined;
}

/** A worker that is ready to run cells. */
export interface WorkerProcess {
  /** Its first reply: what it loaded and opened. */
  readonly opened: WorkerReply & { type: "opened" };
  /**
   * Runs one cell.
   *
   * @throws {Error} If the worker fails or dies; it is of no use after that.
   * @throws {UsageError} If a file cannot be read or written.
   */
  run(
    cell: Cell,
    onProgress: (share: number, epoch: number) => void,
  ): Promise<FinishedCell>;
  /** Ends the process at once. */
  kill(): void;
}

/** Characters kept of what a worker writes on standard error. */
const STDERR_TAIL = 2000;

/**
 * Starts a worker process of this Deno with the permissions a cell needs:
 * reading, environment variables and system facts; writing only to
 * `exportDir`; native code only if `usesNativeCode`; no network, no
 * subprocesses.
 *
 * @throws {Error} If the worker dies before it is ready.
 * @throws {UsageError} If the data set is not to be had.
 * @throws {BackendError} If the worker is another Deno than this one.
 */
export async function startWorker(
  { backend, dataset, exportDir, usesNativeCode }: WorkerOptions,
): Promise<WorkerProcess> {
  const script = new URL("./worker.ts", import.meta.url);
  // As in the tasks of deno.json, which does not name the lock file itself.
  const lock = new URL("../../deno.lock", import.meta.url);
  const child = new Deno.Command(await denoCommand(), {
    args: [
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
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
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
        `worker died (${why})${stderr && `: ${messageOf(stderr)}`}`,
      );
    }
    const reply = JSON.parse(value) as WorkerReply;
    if (reply.type === "error") {
      throw new (reply.isUsage ? UsageError : Error)(reply.message);
    }
    return reply;
  }
  const kill = () => {
    // Its end of input ends the worker, too; the signal is for a busy one.
    stdin.close().catch(() => {});
    try {
      child.kill("SIGKILL");
    } catch {
      // Already gone.
    }
  };

  try {
    await ask({ type: "open", backend, dataset });
    const opened = await next();
    if (opened.type !== "opened") {
      throw new Error("worker answered out of turn");
    }
    if (opened.deno !== Deno.version.deno) {
      throw new BackendError(
        `Cannot start worker as the deno on PATH must be the one running: current value is ${opened.deno}, not ${Deno.version.deno}`,
      );
    }
    return {
      opened,
      kill,
      async run(cell, onProgress) {
        await ask({ type: "run", cell, ...(exportDir && { exportDir }) });
        while (true) {
          const reply = await next();
          if (reply.type === "finished") return reply.cell;
          if (reply.type === "progress") onProgress(reply.share, reply.epoch);
        }
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

/**
 * This very executable where permissions allow it; otherwise `deno` on PATH,
 * which is what `--allow-run=deno` grants (npm installs put a launcher there).
 */
async function denoCommand(): Promise<string> {
  const command = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command });
  return state === "granted" ? command : "deno";
}
