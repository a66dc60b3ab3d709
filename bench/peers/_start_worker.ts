import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Turn } from "./worker.ts";

/** A library in a process of its own. */
export interface Worker {
  /** Has it take steps. */
  take(steps: number): Promise<Turn>;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Starts `worker.ts`. It has no lock file: the libraries are no dependency of
 * this project, so that Deno fetches their fixed versions into its own cache.
 */
export function startWorker(args: readonly string[]): Worker {
  const module = fileURLToPath(import.meta.resolve("./worker.ts"));
  const child = spawn(Deno.execPath(), [
    "run",
    "--quiet",
    "--no-check",
    "--no-lock",
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    module,
    ...args,
  ], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const lines = createInterface({ input: child.stdout })
    [Symbol.asyncIterator]();
  return {
    async take(steps) {
      child.stdin.write(`${steps}\n`);
      const { value, done } = await lines.next();
      return done ? { failed: "its process ended" } : JSON.parse(value);
    },
    async stop() {
      child.stdin.end();
      await exit;
    },
  };
}
