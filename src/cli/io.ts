import { resolve, sep } from "node:path";
import process from "node:process";
import { isatty } from "node:tty";
import type { Signal } from "../core/runtime/child_process.ts";
import {
  openStderr,
  openStdin,
  printLine,
  writeAllSync,
} from "../core/runtime/standard_streams.ts";
import { countCores, platform } from "../core/runtime/system.ts";

/**
 * Everything that a command does to the world besides reading and writing files
 * and starting processes. Tests hand `main` one of their own.
 */
export interface Io {
  /** Prints lines on standard output: results only. */
  print(text: string): void;
  /** Prints lines on standard error: everything else. */
  note(text: string): void;
  /** Standard error, where it is a terminal on which a line can be redrawn. */
  readonly terminal?: WritableStream<Uint8Array> | undefined;
  /**
   * Asks a question on the terminal and gives the line of the answer, empty once
   * the signal is aborted; absent where nobody can answer.
   */
  readonly ask?:
    | ((question: string, signal: AbortSignal) => Promise<string>)
    | undefined;
  /** Absolute path of the folder at which relative paths start. */
  readonly cwd: string;
  /** The environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Count of processor cores. */
  readonly cores: number;
  /** Milliseconds since a fixed moment. */
  now(): number;
  /** An unpredictable whole number from 0 to 2^32 - 1. */
  drawSeed(): number;
  /** Tells the listener of Ctrl-C and the like, until what it returns is called. */
  onInterrupt(listener: () => void): () => void;
}

/** What a command gets: the outside, and how it was called. */
export interface CallIo extends Io {
  /** The words after the command's name, without absolute paths. */
  readonly words: readonly string[];
  /** The absolute path of a path that the user gave. */
  path(path: string): string;
}

/**
 * A text for the user, in which paths below `cwd` are relative to it again: the
 * library gets absolute paths, and quotes them in its messages.
 */
export function showPaths(text: string, { cwd }: Pick<Io, "cwd">): string {
  const folder = cwd.endsWith(sep) ? cwd : cwd + sep;
  if (folder === sep) return text;
  // Within another path, as "/mnt/data/" for "/data/", it stays.
  return text.split(folder).reduce((shown, part) =>
    shown + (/(^|[\s"'`([=,:])$/.test(shown) ? "" : folder) + part
  );
}

/** The outside as one call sees it. */
export function callIo(io: Io, words: readonly string[]): CallIo {
  return { ...io, words, path: (path) => resolve(io.cwd, path) };
}

/** Signals that ask a long command to end; Windows knows one of them. */
const signals: readonly Signal[] = platform === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/** This process's own terminal, clock, signals and random numbers. */
export function processIo(): Io {
  return {
    print: (text) => printLine(1, text),
    note: (text) => printLine(2, text),
    terminal: isatty(2) ? openStderr() : undefined,
    ask: isatty(0) && isatty(2) ? askOnTerminal : undefined,
    cwd: process.cwd(),
    env: process.env,
    cores: countCores(),
    now: () => performance.now(),
    drawSeed: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    onInterrupt(listener) {
      for (const name of signals) process.on(name, listener);
      return () => {
        for (const name of signals) process.off(name, listener);
      };
    },
  };
}

/** Unlike `prompt()`, this does not block the signals. */
async function askOnTerminal(
  question: string,
  signal: AbortSignal,
): Promise<string> {
  writeAllSync(2, new TextEncoder().encode(question));
  const aborted = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  const input = openStdin().getReader();
  // A terminal gives a whole line at a time.
  const answer = await Promise.race([input.read(), aborted]);
  return new TextDecoder().decode(answer?.value);
}
