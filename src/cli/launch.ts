#!/usr/bin/env node
/**
 * Starts the command line in a process of its own that may write only where the
 * call says, and that ends soon when it is asked to: what tasks of deno.json
 * start, since they cannot compute permissions themselves. It loads no package.
 *
 * @module
 */
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath as fromFileUrl } from "node:url";
import {
  type ChildProcess,
  type Signal,
  startChild,
} from "../core/runtime/child_process.ts";
import { isDeno } from "../core/runtime/engine.ts";
import { existsHere, siblingModule } from "../core/runtime/own_files.ts";
import { platform } from "../core/runtime/system.ts";
import { childFlags } from "./child_flags.ts";

/** Milliseconds that a command has to end by itself after Ctrl-C or SIGTERM. */
const GRACE_MS = 1500;

/** Exit code of a command that was interrupted. */
const INTERRUPTED = 130;

const signals: readonly Signal[] = platform === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a call to its end and returns its exit code. */
async function launch(args: readonly string[]): Promise<number> {
  const [folder, [name, ...words]] = args[0] === "-C"
    ? [args[1] ?? ".", args.slice(2)]
    : [".", args];
  const command = process.execPath;
  const entry = siblingModule("./entry", import.meta.url);
  const call = {
    name,
    words,
    cwd: resolve(folder),
    deno: command,
    env: process.env,
  };
  const lock = new URL("../../deno.lock", import.meta.url);
  const start = isDeno
    ? [
      "run",
      ...(existsHere(lock) ? [`--lock=${fromFileUrl(lock)}`] : []),
      ...await childFlags(call),
      entry.href,
    ]
    : [fromFileUrl(entry)];
  // A signal that comes before the child is there is handled after that.
  const started: { child?: ChildProcess } = {};
  let isInterrupted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (signal: Signal) => {
    try {
      started.child?.kill(signal);
    } catch {
      // It has ended already.
    }
  };
  for (const signal of signals) {
    process.on(signal, () => {
      isInterrupted = true;
      send(signal);
      timer ??= setTimeout(() => send("SIGKILL"), GRACE_MS);
    });
  }
  started.child = await startChild({
    command,
    args: [...start, ...args],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  const { code, signal } = await started.child.status;
  clearTimeout(timer);
  if (!isInterrupted || signal === null) return code;
  console.error(
    name === "sweep" || name === "study"
      ? "Interrupted: cells that had finished are kept"
      : "Interrupted",
  );
  return INTERRUPTED;
}

process.exit(await launch(process.argv.slice(2)));
