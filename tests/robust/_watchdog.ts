/**
 * Watches the fuzzers of a file from a thread of its own, since a reader that
 * hangs leaves no time for anything else in its thread. If a round hangs, says
 * which one it is and ends the process.
 *
 * @module
 */

/** What to watch from now on; nothing if `name` is absent. */
export interface Watch {
  /** Name of the test. */
  name?: string;
  /** Counts the rounds; shared with the fuzzer. */
  rounds: Int32Array;
  /** Longest that a round may take, in milliseconds. */
  limitMs: number;
}

// Only in a worker; a plain import is for the type.
if ("WorkerGlobalScope" in globalThis) {
  let watch: Watch | undefined;
  let last = -1;
  let since = 0;
  globalThis.addEventListener("message", (event) => {
    watch = (event as MessageEvent<Watch>).data;
    last = -1;
  });
  setInterval(() => {
    if (watch?.name === undefined) return;
    const { name, rounds, limitMs } = watch;
    const round = Atomics.load(rounds, 0);
    if (round !== last) [last, since] = [round, performance.now()];
    else if (performance.now() - since > limitMs) {
      Deno.stderr.writeSync(
        new TextEncoder().encode(
          `${name}: round ${round} hangs for ${limitMs} ms, the process is ended\n`,
        ),
      );
      Deno.kill(Deno.pid, "SIGKILL");
    }
  }, 500);
}
