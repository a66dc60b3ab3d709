import type { SweepListener } from "../sweep/run_sweep.ts";
import type { Io } from "./io.ts";

/**
 * Runs cells, which Ctrl-C or a scheduler may ask to end early: while they run,
 * the request reaches them as an abort signal, in place of the process being
 * killed. Before and after, when data are loaded or a file is written, it kills
 * the process: such work may not look at a signal for long, and nothing is lost.
 *
 * @param listener Who else is told of the cells.
 */
export async function withInterrupt<T>(
  { onInterrupt }: Pick<Io, "onInterrupt">,
  listener: SweepListener,
  run: (
    options: { signal: AbortSignal; listener: SweepListener },
  ) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  let stop = () => {};
  try {
    return await run({
      signal: interrupt.signal,
      listener: {
        ...listener,
        onPlanned(plan) {
          stop = onInterrupt(() => interrupt.abort());
          listener.onPlanned?.(plan);
        },
        onRan() {
          // A second request must not kill what answers the first.
          if (!interrupt.signal.aborted) {
            stop();
            stop = () => {};
          }
          listener.onRan?.();
        },
      },
    });
  } finally {
    stop();
  }
}
