import { fileURLToPath as fromFileUrl } from "node:url";
import { childEnvironment } from "../core/child_environment.ts";
import { UsageError } from "../core/errors.ts";
import { writablePath } from "../core/writable_path.ts";

/** What a worker may do besides reading. */
export interface WorkerPermissions {
  /** Folder for exported weights; the only place a worker may write. */
  exportDir?: string | undefined;
  /** Whether cells need imagescript's native JPEG encoder. */
  usesNativeCode?: boolean | undefined;
}

/**
 * The arguments with which every worker is started. Nothing else in dupbench
 * starts Deno, and no argument comes from a file or a user but the folder.
 */
export function workerArgs(
  { exportDir, usesNativeCode }: WorkerPermissions,
): string[] {
  const script = new URL("./worker.ts", import.meta.url);
  // As in the tasks of deno.json, which does not name the lock file itself.
  const lock = new URL("../../deno.lock", import.meta.url);
  return [
    "run",
    "--quiet",
    ...(lock.protocol === "file:" ? [`--lock=${fromFileUrl(lock)}`] : []),
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    ...(exportDir === undefined
      ? []
      : [`--allow-write=${writablePath(exportDir)}`]),
    ...(usesNativeCode === true ? ["--allow-ffi"] : []),
    // As a URL, in which a "?" or "#" of the checkout's path is escaped.
    script.href,
  ];
}

/**
 * Starts a worker's process, without the variables of the dynamic linker.
 *
 * @throws {UsageError} If this process may not start it.
 */
export async function spawnWorker(
  permissions: WorkerPermissions,
): Promise<Deno.ChildProcess> {
  const command = await denoCommand();
  try {
    return new Deno.Command(command, {
      args: workerArgs(permissions),
      ...childEnvironment(),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new UsageError(
        "Worker processes need the permission --allow-run=deno",
      );
    }
    if (error instanceof Deno.errors.NotFound) {
      throw new UsageError(
        `Cannot start a worker: there is no program "${command}"`,
      );
    }
    throw error;
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
