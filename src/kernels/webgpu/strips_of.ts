import type { Window } from "../common/window.ts";
import type { Strips } from "./strip_code.ts";

/** What differs between convolutions by strips. */
export type StripOptions =
  & Pick<Strips, "vector" | "byWindow" | "inPairs" | "code">
  & {
    /** Which planes are computed: outputs, or the gradient for inputs. */
    readonly from: "out" | "in";
  };

/** Widths of filters whose columns are unrolled in a program. */
const [NARROWEST, WIDEST] = [2, 5];

/**
 * Whether strips can do it: steps of 1, outputs in fours, and a filter that has
 * columns to share and does not need too long a program.
 */
export function isStripWindow(window: Window): boolean {
  const { dataFormat, filterWidth, outChannels } = window;
  return window.strideHeight === 1 && window.strideWidth === 1 &&
    window.dilationHeight === 1 && window.dilationWidth === 1 &&
    dataFormat === "channelsLast" && outChannels % 4 === 0 &&
    filterWidth >= NARROWEST && filterWidth <= WIDEST;
}

/**
 * A convolution, or its gradient for the images, by strips; undefined if it cannot
 * be, or if its lines cannot be stored in fours.
 */
export function stripsOf(
  window: Window,
  { from, byWindow, ...source }: StripOptions,
): Strips | undefined {
  const { padInfo, filterHeight, filterWidth, outChannels } = window;
  const outSize = [window.outHeight, window.outWidth] as const;
  const inSize = [window.inHeight, window.inWidth] as const;
  const ofOutputs = from === "out";
  const size = ofOutputs ? outSize : inSize;
  if (!isStripWindow(window) || size[1] % 4 !== 0) return undefined;
  return {
    key: from,
    images: window.batchSize,
    size,
    sourceSize: ofOutputs ? inSize : outSize,
    filterSize: [filterHeight, filterWidth],
    pads: ofOutputs ? [padInfo.top, padInfo.left] : [
      filterHeight - 1 - padInfo.top,
      filterWidth - 1 - padInfo.left,
    ],
    channels: ofOutputs ? window.inChannels : outChannels,
    byWindow,
    form: ofOutputs ? "side" : "depth",
    ...source,
  };
}
