import { UsageError } from "../../core/errors.ts";
import { existsHere, siblingModule } from "../../core/runtime/own_files.ts";
import { countCores } from "../../core/runtime/system.ts";
import {
  startThread,
  type WorkerThread,
} from "../../core/runtime/worker_thread.ts";
import { fileFault } from "../_file_fault.ts";
import { maxPixels } from "../decode_image.ts";
import { readImageHeader } from "../image_header.ts";
import { decodeFitted, type FittedOptions } from "./decode_fitted.ts";
import type { DecodingJob, DecodingReply } from "./decoding_messages.ts";

/** Threads that decode. */
export interface Decoders {
  /**
   * Decodes a file and gives it a size, as `decodeFitted` does; files wait for
   * threads in their order.
   *
   * @throws {UsageError} If it cannot be decoded, or not within its time.
   */
  decode(bytes: Uint8Array, path: string): Promise<Uint8Array>;
  /** Ends the threads. */
  close(): void;
}

/** How files are decoded in threads. */
export interface DecodersOptions extends FittedOptions {
  /** Most threads; default: as many as cores, at most 8. */
  readonly threads?: number | undefined;
  /**
   * Milliseconds that a file of so many pixels may take; default
   * {@linkcode decodingLimit}.
   */
  readonly limitMs?: ((pixels: number) => number) | undefined;
}

/** Most threads where the number is not given: each holds a whole image. */
const MOST_THREADS = 8;

/** Files that wait for each thread before another one is started. */
const WAITING = 16;

/** Files that a thread is given at a time, so that it need not wait for the next. */
const GIVEN = 4;

/** Milliseconds between two looks at the time that files take. */
const TICK_MS = 100;

/**
 * Milliseconds that a file may take to be decoded: 5 s and 2 s for each million of
 * pixels. The usual is less than .2 s for each million, so that a machine with ten
 * times as much to do as it has cores is no reason to refuse a file.
 */
export function decodingLimit(pixels: number): number {
  return 5000 + 0.002 * Math.min(pixels, maxPixels);
}

interface Task extends Pick<DecodingJob, "bytes" | "path"> {
  readonly limitMs: number;
  resolve(pixels: Uint8Array): void;
  reject(error: Error): void;
}

interface DecodingThread {
  readonly thread: WorkerThread;
  isReady: boolean;
  /** Whether it loads a decoder, perhaps from the network. */
  isLoading: boolean;
  /** What it decodes, and what it has to decode then. */
  readonly tasks: Task[];
  /** How long it has decoded the first one, in milliseconds of ticks. */
  spent: number;
}

/**
 * Opens threads that decode files; they start when files come, more of them when
 * many wait. A file that takes longer than its limit is given up and its thread
 * ended, whatever the decoder does. Time is counted in ticks of this thread, so
 * that a process that was itself stopped, or has much else to do, blames no file;
 * the time in which a decoder is loaded is not counted.
 *
 * Where the script of the threads is no file, as in a bundle, files are decoded
 * in this thread, without a limit.
 */
export function openDecoders(
  {
    threads: most = Math.min(countCores(), MOST_THREADS),
    limitMs = decodingLimit,
    ...how
  }: DecodersOptions,
): Decoders {
  const script = siblingModule("./decoding_thread", import.meta.url);
  if (!existsHere(script)) {
    return {
      decode: (bytes, path) => decodeFitted(bytes, path, how),
      close() {},
    };
  }
  const waiting: Task[] = [];
  const threads = new Set<DecodingThread>();
  let ticks: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;
  return {
    decode(bytes, path) {
      const header = readImageHeader(bytes);
      const pixels = header === null ? 0 : header.width * header.height;
      return new Promise((resolve, reject) => {
        waiting.push({
          bytes,
          path,
          limitMs: limitMs(pixels),
          resolve,
          reject,
        });
        proceed();
      });
    },
    close() {
      isClosed = true;
      clearInterval(ticks);
      for (const { thread } of threads) thread.end();
    },
  };

  /** Gives waiting files to threads, first to those that have none. */
  function proceed(): void {
    for (let given = 0; given < GIVEN; given++) {
      for (const decoder of threads) {
        if (waiting.length === 0) return;
        if (decoder.isReady && decoder.tasks.length <= given) give(decoder);
      }
    }
    const isEnough = threads.size > 0 &&
      waiting.length < WAITING * threads.size;
    if (waiting.length > 0 && !isEnough && threads.size < most) start();
  }

  function give(decoder: DecodingThread): void {
    const task = waiting.shift()!;
    decoder.tasks.push(task);
    // A copy, as the file may be part of a larger one.
    const bytes = task.bytes.slice();
    const job: DecodingJob = { bytes, path: task.path, how };
    decoder.thread.post(job, [bytes]);
  }

  function start(): void {
    ticks ??= setInterval(tick, TICK_MS);
    const decoder: DecodingThread = {
      isReady: false,
      isLoading: false,
      tasks: [],
      spent: 0,
      thread: startThread(script, {
        onMessage: (reply) => take(decoder, reply as DecodingReply),
        onEnd: (reason) => lose(decoder, reason),
      }),
    };
    threads.add(decoder);
  }

  function take(decoder: DecodingThread, reply: DecodingReply): void {
    decoder.isReady = true;
    decoder.isLoading = reply.type === "loading";
    const isOfFile = reply.type === "pixels" || reply.type === "bad" ||
      reply.type === "error";
    if (isOfFile) {
      const task = decoder.tasks.shift();
      decoder.spent = 0;
      if (reply.type === "pixels") task?.resolve(reply.pixels);
      else if (reply.type === "bad") {
        task?.reject(new UsageError(reply.message));
      } else task?.reject(new Error(reply.message));
    }
    proceed();
  }

  function tick(): void {
    for (const decoder of threads) {
      const [task] = decoder.tasks;
      if (task === undefined || decoder.isLoading) continue;
      decoder.spent += TICK_MS;
      if (decoder.spent <= task.limitMs) continue;
      decoder.thread.end();
      giveUp(
        decoder,
        `must be decoded within ${
          (task.limitMs / 1000).toFixed(1)
        } s, the limit for images of its size, and was not`,
      );
    }
  }

  /** A thread that ended: by a file that it could not bear, or before any. */
  function lose(decoder: DecodingThread, reason: string): void {
    if (isClosed || !threads.has(decoder)) return;
    if (decoder.isReady) return giveUp(decoder, `ends its decoder: ${reason}`);
    threads.delete(decoder);
    const error = new Error(`No thread can be started to decode: ${reason}`);
    for (const task of waiting.splice(0)) task.reject(error);
  }

  /** Refuses what a thread decodes; others decode what it was given besides. */
  function giveUp(decoder: DecodingThread, problem: string): void {
    threads.delete(decoder);
    const [task, ...others] = decoder.tasks;
    waiting.unshift(...others);
    task?.reject(fileFault(task.path, problem));
    proceed();
  }
}
