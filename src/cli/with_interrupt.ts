import type { Io } from "./io.ts";

/**
 * Runs what Ctrl-C or a scheduler may ask to end early: the request reaches it
 * as an abort signal, in place of the process being killed.
 */
export async function withInterrupt<T>(
  { onInterrupt }: Pick<Io, "onInterrupt">,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  const stop = onInterrupt(() => interrupt.abort());
  try {
    return await run(interrupt.signal);
  } finally {
    stop();
  }
}
