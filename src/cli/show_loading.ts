import type { Io } from "./io.ts";
import { type ShareBar, showShare } from "./show_share.ts";

/** Shows how many images are loaded, and how many per second, on a terminal. */
export function showLoading(terminal: Io["terminal"]): ShareBar {
  return showShare(terminal, (done, total, ms) => {
    const rate = done / Math.max(ms / 1000, 0.001);
    return `${done.toLocaleString("en")} of ${
      total.toLocaleString("en")
    } images, ${Math.round(rate).toLocaleString("en")}/s`;
  });
}
