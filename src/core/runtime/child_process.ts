import { spawn } from "node:child_process";
import { Readable, Writable } from "node:stream";
import { isDeno } from "./engine.ts";

/** A signal that is sent or listened to. */
export type Signal = "SIGHUP" | "SIGINT" | "SIGKILL" | "SIGTERM";

/** What becomes of a stream of a child process. */
export type ChildStream = "piped" | "inherit" | "null";

/** A process to start. */
export interface ChildCommand {
  /** Its program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Folder in which it starts. */
  readonly cwd?: URL;
  /** All of its environment; default: that of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdin: ChildStream;
  readonly stdout: ChildStream;
  readonly stderr: ChildStream;
}

/** How a process ended. */
export interface ChildStatus {
  /** Its exit code. */
  readonly code: number;
  /** The signal that ended it. */
  readonly signal: string | null;
}

/** A started process; a stream that is not piped must not be used. */
export interface ChildProcess {
  readonly pid: number;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;
  readonly status: Promise<ChildStatus>;
  /** @throws {Error} If it has ended. */
  kill(signal: Signal): void;
}

/**
 * Starts a process. Deno does so itself, as its permissions ask for the program
 * alone then.
 *
 * @throws {Error} If it cannot be started: with the code `ENOENT` if there is no
 * such program, with the name `NotCapable` without permission.
 */
export const startChild: (command: ChildCommand) => Promise<ChildProcess> =
  isDeno ? startInDeno : startInNode;

// deno-lint-ignore require-await
async function startInDeno(
  { command, env, cwd, ...rest }: ChildCommand,
): Promise<ChildProcess> {
  return new Deno.Command(command, {
    ...rest,
    args: [...rest.args],
    ...(cwd && { cwd }),
    ...(env && { clearEnv: true, env: { ...env } }),
  }).spawn();
}

const streams = { piped: "pipe", inherit: "inherit", null: "ignore" } as const;

async function startInNode(
  { command, args, cwd, env, stdin, stdout, stderr }: ChildCommand,
): Promise<ChildProcess> {
  const child = spawn(command, [...args], {
    ...(cwd && { cwd }),
    ...(env && { env }),
    stdio: [streams[stdin], streams[stdout], streams[stderr]],
  });
  const status = new Promise<ChildStatus>((resolve) => {
    child.once("close", (code, signal) => {
      resolve({ code: code ?? 128, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  // A process that ends while it is written to is seen by its status.
  child.on("error", () => {});
  return {
    pid: child.pid!,
    get stdin() {
      return Writable.toWeb(child.stdin!) as WritableStream<Uint8Array>;
    },
    get stdout() {
      return Readable.toWeb(child.stdout!) as ReadableStream<Uint8Array>;
    },
    get stderr() {
      return Readable.toWeb(child.stderr!) as ReadableStream<Uint8Array>;
    },
    status,
    kill(signal) {
      if (!child.kill(signal)) throw new Error("The process has ended");
    },
  };
}
