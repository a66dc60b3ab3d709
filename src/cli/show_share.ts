import { ProgressBar } from "@std/cli/unstable-progress-bar";
import type { Io } from "./io.ts";

/** Milliseconds between two chances for the progress bar to draw. */
const BREATH_MS = 200;

/** A bar on a terminal, which is erased when the work is done. */
export interface ShareBar {
  /** Shows how much is done. */
  report(done: number, total: number): Promise<void>;
  /** Erases the bar. */
  stop(): Promise<void>;
}

/**
 * Shows how far work in this thread is, where there is a terminal.
 *
 * @param label The line after the bar.
 */
export function showShare(
  terminal: Io["terminal"],
  label: (done: number, total: number, ms: number) => string,
): ShareBar {
  let bar: ProgressBar | undefined;
  let total = 1;
  let breathed = performance.now();
  return {
    async report(done, of) {
      if (terminal === undefined) return;
      total = of;
      bar ??= new ProgressBar({
        writable: terminal,
        max: 1,
        barLength: 30,
        clear: true,
        fmt: ({ styledTime, progressBar, value, time }) =>
          `[${styledTime}] [${progressBar}] ${
            label(Math.round(value * total), total, time)
          }`,
      });
      bar.value = done / of;
      if (performance.now() - breathed < BREATH_MS) return;
      await new Promise((resolve) => setTimeout(resolve, 0));
      breathed = performance.now();
    },
    stop: async () => await bar?.stop(),
  };
}
