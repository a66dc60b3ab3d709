/** How long work may keep the event loop waiting, in milliseconds. */
const LONGEST_WAIT_MS = 100;

let yieldedAt = -Infinity;

/**
 * Lets the event loop handle what is pending (signals, messages, timers) if it
 * has not been able to for a while. Where a backend computes before its calls
 * return, work awaits only promises that are already resolved, and the event
 * loop would not run until the end. Await it between batches and in long loops.
 */
export async function yieldToEvents(): Promise<void> {
  if (performance.now() - yieldedAt < LONGEST_WAIT_MS) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  yieldedAt = performance.now();
}
