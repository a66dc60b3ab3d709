import { assert, assertLess } from "@std/assert";
import fc from "fast-check";
import { UsageError } from "../../src/core/errors.ts";
import type { Watch } from "./_watchdog.ts";

/** `DUPBENCH_FUZZ=10` makes ten times as many runs. */
const factor = Number(Deno.env.get("DUPBENCH_FUZZ") ?? 1);

/** `DUPBENCH_FUZZ_SEED` makes others. */
const seed = Number(Deno.env.get("DUPBENCH_FUZZ_SEED") ?? 20250400);

/** Longest that one broken file may take, in milliseconds. */
const LIMIT_MS = 5000;

/** A run that takes so long, in milliseconds, is a hang. */
const HANG_MS = 60_000;

/** Longest message that still reads as one line. */
const LIMIT_CHARACTERS = 1000;

/** How to fuzz a reader. */
export interface FuzzOptions<T> {
  /** Broken inputs tried where no environment variable asks for more. */
  runs: number;
  /** The inputs. */
  input: fc.Arbitrary<T>;
  /** Whether what it needs is absent. */
  ignore?: boolean;
  /** Reads one; what it throws is judged. */
  read(input: T): unknown;
  /** What the message of a refusal has to name. */
  names?: string;
  /** Errors that count as a refusal. */
  refusal?: new (message: string) => Error;
  /** Most bytes that reading one may allocate outside of the heap's own. */
  limitBytes?: number;
}

/**
 * A test that a reader takes or refuses whatever it is given: a refusal is an
 * error of the right class with one short line that names the file; anything
 * else thrown, a long time or a large allocation fails.
 */
export function fuzz<T>(name: string, options: FuzzOptions<T>): void {
  const { runs, input, read, names, refusal = UsageError } = options;
  const { limitBytes = 2 ** 28, ignore = false } = options;
  const numRuns = Math.ceil(runs * factor);
  const fn = async () => {
    const reasons = new Map<string, number>();
    const count = (reason: string) =>
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const check = async (given: T) => {
      Atomics.add(begun, 0, 1);
      const start = performance.now();
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
      assertLess(performance.now() - start, LIMIT_MS, "it took too long");
      assertLess(heldBytes() - held, limitBytes, "it allocated too much");
    };
    const watchdog = new Worker(new URL("./_watchdog.ts", import.meta.url), {
      type: "module",
    });
    const watch: Watch = { name, runs: begun, limitMs: HANG_MS };
    watchdog.postMessage(watch);
    try {
      await fc.assert(fc.asyncProperty(input, check), {
        seed,
        numRuns,
        endOnFailure: true,
      });
    } finally {
      watchdog.terminate();
    }
    // A fuzzer all of whose inputs are taken, or none, has tried little.
    assert(reasons.has("refused"), "nothing was refused");
    if (Deno.env.has("DUPBENCH_FUZZ")) {
      console.log([...reasons].map(([what, n]) => `${what}: ${n}`).join(", "));
    }
  };
  Deno.test({ name: `${name} (${numRuns} runs, seed ${seed})`, ignore, fn });
}

/** Bytes of heap and of buffers beside it, whether touched or not. */
function heldBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
