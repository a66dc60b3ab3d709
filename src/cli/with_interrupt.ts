/** Signals that ask a long command to end; Windows knows one of them. */
const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/**
 * Runs what Ctrl-C or a scheduler may ask to end early: what is given is told by
 * a signal, in place of the process being killed.
 */
export async function withInterrupt<T>(
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  for (const name of signals) Deno.addSignalListener(name, onSignal);
  try {
    return await run(interrupt.signal);
  } finally {
    for (const name of signals) Deno.removeSignalListener(name, onSignal);
  }
}
