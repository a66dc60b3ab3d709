import { writeSync } from "node:fs";
import process from "node:process";
import { Readable } from "node:stream";
import { isatty } from "node:tty";
import { messageOf, UsageError } from "../errors.ts";
import { isDeno } from "./engine.ts";

/** Standard input. */
export function openStdin(): ReadableStream<Uint8Array> {
  return isDeno
    ? Deno.stdin.readable
    : Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
}

/** Writes all bytes to standard output (1) or standard error (2). */
export function writeAllSync(target: 1 | 2, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(target, bytes, at);
    } catch (error) {
      // A terminal or pipe that another process made non-blocking is full.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/**
 * Prints a text and a line feed on standard output (1) or standard error (2),
 * whole, also if the process ends right after that: what `console.log` of Node
 * gives to a pipe beyond 64 KiB is lost then. Where nobody reads any more, nothing
 * is printed; nor is what standard error cannot take, as on a full disk, where
 * nobody could be told and a sweep of hours would end for a line of its progress.
 *
 * @throws {UsageError} If standard output cannot take the text.
 */
export function printLine(target: 1 | 2, text: string): void {
  // The console knows the encoding of a terminal.
  if (isatty(target)) {
    if (target === 1) console.log(text);
    else console.error(text);
    return;
  }
  try {
    writeAllSync(target, new TextEncoder().encode(`${text}\n`));
  } catch (error) {
    if (target === 2 || (error as NodeJS.ErrnoException).code === "EPIPE") {
      return;
    }
    throw new UsageError(
      `Cannot write to standard output: ${messageOf(error)}`,
    );
  }
}

/** Standard error as a stream. */
export function openStderr(): WritableStream<Uint8Array> {
  return new WritableStream({ write: (bytes) => writeAllSync(2, bytes) });
}
