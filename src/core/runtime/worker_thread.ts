import { type ChildProcess, fork } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parentPort, Worker } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { engine, isDeno } from "./engine.ts";

/** A script of dupbench that runs beside this one. */
export interface WorkerThread {
  /**
   * Sends a message.
   *
   * @param bytes Arrays of the message, each all of its buffer, that are given
   * away and not to be used any more.
   */
  post(message: unknown, bytes?: readonly Uint8Array<ArrayBuffer>[]): void;
  /** Ends it at once, also while it computes. */
  end(): void;
}

/** What a worker thread does to the one that started it. */
export interface ThreadListener {
  /** Told what the script posts. */
  onMessage(message: unknown): void;
  /** Told that it has ended by a fault; maybe also that `end()` has ended it. */
  onEnd(reason: string): void;
}

/**
 * Starts a script in a thread of its own. Bun cannot end a thread that computes
 * in WebAssembly, so that there it is a process, which needs no more permission.
 *
 * @param script A file.
 */
export function startThread(
  script: URL,
  listener: ThreadListener,
): WorkerThread {
  return isDeno
    ? startInDeno(script, listener)
    : engine.name === "Bun"
    ? startProcess(script, listener)
    : startInNode(script, listener);
}

/** A message in Deno's emulation of Node's threads takes 1 ms, in its own .03. */
function startInDeno(
  script: URL,
  { onMessage, onEnd }: ThreadListener,
): WorkerThread {
  const worker = new globalThis.Worker(script, { type: "module" });
  worker.onmessage = ({ data }) => onMessage(data);
  worker.onerror = (event) => {
    // It would end this process, too.
    event.preventDefault();
    onEnd(event.message);
  };
  return {
    post(message, bytes = []) {
      worker.postMessage(message, bytes.map(({ buffer }) => buffer));
    },
    end: () => worker.terminate(),
  };
}

function startInNode(
  script: URL,
  { onMessage, onEnd }: ThreadListener,
): WorkerThread {
  const worker = new Worker(script);
  let reason = "it was ended";
  worker.on("message", onMessage);
  worker.on("error", (error) => reason = messageOf(error));
  worker.on("exit", () => onEnd(reason));
  return {
    post(message, bytes = []) {
      worker.postMessage(message, bytes.map(({ buffer }) => buffer));
    },
    end: () => void worker.terminate(),
  };
}

function startProcess(
  script: URL,
  { onMessage, onEnd }: ThreadListener,
): WorkerThread {
  // Typed arrays remain such, as between threads.
  const child: ChildProcess = fork(fileURLToPath(script), {
    serialization: "advanced",
  });
  child.on("message", onMessage);
  child.on("error", (error) => onEnd(messageOf(error)));
  child.on("exit", (code, signal) => onEnd(`${signal ?? `exit code ${code}`}`));
  return {
    post: (message) => void child.send(message as object),
    end: () => void child.kill("SIGKILL"),
  };
}

/** The other end of a worker thread, in its script. */
export interface ThreadPort {
  /** Sends a message to the script that started this one; see `WorkerThread`. */
  post(message: unknown, bytes?: readonly Uint8Array<ArrayBuffer>[]): void;
}

/** What a thread of Deno has of its own. */
interface DenoScope {
  onmessage: (event: { data: unknown }) => void;
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
}

/**
 * Listens to the script that started this one by `startThread`.
 *
 * @param onMessage Told what it posts.
 */
export function listenAsThread(
  onMessage: (message: unknown) => void,
): ThreadPort {
  if (isDeno) {
    const scope = globalThis as unknown as DenoScope;
    scope.onmessage = ({ data }) => onMessage(data);
    return {
      post(message, bytes = []) {
        scope.postMessage(message, bytes.map(({ buffer }) => buffer));
      },
    };
  }
  if (parentPort !== null) {
    const port = parentPort;
    port.on("message", onMessage);
    return {
      post(message, bytes = []) {
        port.postMessage(message, bytes.map(({ buffer }) => buffer));
      },
    };
  }
  process.on("message", onMessage);
  // It does not outlive the process that started it.
  process.on("disconnect", () => process.exit());
  return { post: (message) => void process.send!(message) };
}
