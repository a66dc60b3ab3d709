import process from "node:process";
import { assert, assertLess } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/core/errors.ts";
import { slowTest } from "../slow.ts";
import type { Watch } from "./_watchdog.ts";

/** `DUPBENCH_FUZZ=10` makes ten times as many rounds of the slow tests. */
const factor = Number(Deno.env.get("DUPBENCH_FUZZ") ?? 1);

/** Share of the rounds that the quick tests make, and the least of them. */
const QUICK = { share: 0.1, least: 10 } as const;

/** `DUPBENCH_FUZZ_SEED` draws other inputs. */
const seed = Number(Deno.env.get("DUPBENCH_FUZZ_SEED") ?? 20250400);

/**
 * Longest that one broken file may take, in milliseconds of CPU time of the
 * thread, so that other processes do not count.
 */
const LIMIT_MS = 5000;

/** A round that takes this long, in milliseconds, waiting included, hangs. */
const HANG_MS = 60_000;

/** Longest message that still reads as one line. */
const LIMIT_CHARACTERS = 1000;

/** How to fuzz a reader. */
export interface FuzzOptions<T> {
  /** Broken inputs that the slow test tries; the quick one tries a tenth. */
  runs: number;
  /** The inputs. */
  input: fc.Arbitrary<T>;
  /** Whether what it needs is absent. */
  ignore?: boolean;
  /** Loads what reading needs, so that no round takes the time for it. */
  prepare?(): Promise<void>;
  /** Reads one; what it throws is judged. */
  read(input: T): unknown;
  /** What the message of a refusal has to name. */
  names?: string;
  /** Errors that count as a refusal. */
  refusal?: new (message: string) => Error;
  /** Most bytes that reading one may allocate, on the heap and outside it. */
  limitBytes?: number;
}

/**
 * Two tests that a reader takes or refuses whatever it is given, a quick one of
 * few rounds and a slow one of all. A refusal is an error of the right class
 * with one short line that names the file; anything else thrown, a long time or
 * a large allocation fails.
 */
export function fuzz<T>(name: string, options: FuzzOptions<T>): void {
  const { runs, ignore = false } = options;
  const all = Math.ceil(runs * factor);
  const few = Math.min(
    runs,
    Math.max(QUICK.least, Math.ceil(runs * QUICK.share)),
  );
  const nameOf = (rounds: number) => `${name} (${rounds} rounds, seed ${seed})`;
  Deno.test({
    name: nameOf(few),
    ignore,
    fn: () => runRounds(nameOf(few), few, options),
  });
  if (all > few) {
    const fn = () => runRounds(nameOf(all), all, options);
    slowTest(nameOf(all), fn, { ignore });
  }
}

/** CPU time of this thread so far, in milliseconds. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

let watchdog: Worker | undefined;

function watch(message: Watch): void {
  watchdog ??= new Worker(new URL("./_watchdog.ts", import.meta.url), {
    type: "module",
  });
  watchdog.postMessage(message);
}

Deno.test.afterAll(() => watchdog?.terminate());

async function runRounds<T>(
  name: string,
  numRuns: number,
  options: FuzzOptions<T>,
): Promise<void> {
  const { input, read, names, refusal = UsageError, limitBytes = 2 ** 28 } =
    options;
  const reasons = new Map<string, number>();
  const count = (reason: string) =>
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const begun = new Int32Array(new SharedArrayBuffer(4));
  const check = async (given: T) => {
    Atomics.add(begun, 0, 1);
    const start = threadMs();
    const held = heldBytes();
    try {
      await read(given);
      count("read");
    } catch (error) {
      assert(
        error instanceof refusal,
        `not a ${refusal.name}: ${
          error instanceof Error ? error.stack : error
        }`,
      );
      const { message } = error;
      assert(!message.includes("\n"), `more than a line: ${message}`);
      assertLess(message.length, LIMIT_CHARACTERS, message.slice(0, 200));
      if (names !== undefined) assert(message.includes(names), message);
      count("refused");
    }
    assertLess(threadMs() - start, LIMIT_MS, "it took too long");
    assertLess(heldBytes() - held, limitBytes, "it allocated too much");
  };
  await options.prepare?.();
  watch({ name, rounds: begun, limitMs: HANG_MS });
  try {
    await fc.assert(fc.asyncProperty(input, check), {
      seed,
      numRuns,
      endOnFailure: true,
    });
  } finally {
    watch({ rounds: begun, limitMs: HANG_MS });
  }
  // A fuzzer all of whose inputs are taken, or none, has tried little.
  assert(reasons.has("refused"), "nothing was refused");
  if (Deno.env.has("DUPBENCH_FUZZ")) {
    console.log([...reasons].map(([what, n]) => `${what}: ${n}`).join(", "));
  }
}

/** Bytes of the heap and of buffers outside it, whether touched or not. */
function heldBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
