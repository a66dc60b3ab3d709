import process from "node:process";
import { fileURLToPath as fromFileUrl } from "node:url";
import { childEnvironment } from "../core/child_environment.ts";
import { UsageError } from "../core/errors.ts";
import {
  type ChildProcess,
  startChild,
} from "../core/runtime/child_process.ts";
import { isDeno } from "../core/runtime/engine.ts";
import { existsHere, siblingModule } from "../core/runtime/own_files.ts";
import {
  isNotCapable,
  mayStart,
  systemCode,
} from "../core/runtime/permissions.ts";
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
 * starts a program but `git` and the launcher, and no argument comes from a file
 * or a user but the folder.
 */
export function workerArgs(
  { exportDir, usesNativeCode }: WorkerPermissions,
): string[] {
  const script = siblingModule("./worker", import.meta.url);
  if (!isDeno) return [fromFileUrl(script)];
  // As in the tasks of deno.json, which does not name the lock file itself.
  const lock = new URL("../../deno.lock", import.meta.url);
  return [
    "run",
    "--quiet",
    ...(existsHere(lock) ? [`--lock=${fromFileUrl(lock)}`] : []),
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
): Promise<ChildProcess> {
  const command = await engineCommand();
  try {
    return await startChild({
      command,
      args: workerArgs(permissions),
      ...childEnvironment(),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
  } catch (error) {
    if (isNotCapable(error)) {
      throw new UsageError(
        "Worker processes need the permission --allow-run=deno",
      );
    }
    if (systemCode(error) === "ENOENT") {
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
async function engineCommand(): Promise<string> {
  return await mayStart(process.execPath) ? process.execPath : "deno";
}
