/**
 * Watches a fuzzer from a thread of its own, as a reader that hangs leaves no
 * time for anything else in its thread: says which run it is, and ends the
 * process.
 *
 * @module
 */

/** What it is told at the start. */
export interface Watch {
  /** Name of the test. */
  name: string;
  /** Counts the runs; shared with the fuzzer. */
  runs: Int32Array;
  /** Longest that a run may take, in milliseconds. */
  limitMs: number;
}

// Only in a worker; a plain import is for the type.
if ("WorkerGlobalScope" in globalThis) {
  globalThis.addEventListener("message", (event) => {
    const { name, runs, limitMs } = (event as MessageEvent<Watch>).data;
    let last = -1;
    let since = 0;
    setInterval(() => {
      const run = Atomics.load(runs, 0);
      if (run !== last) [last, since] = [run, performance.now()];
      else if (performance.now() - since > limitMs) {
        Deno.stderr.writeSync(
          new TextEncoder().encode(
            `${name}: run ${run} hangs for ${limitMs} ms, the process is ended\n`,
          ),
        );
        Deno.kill(Deno.pid, "SIGKILL");
      }
    }, 500);
  });
}
