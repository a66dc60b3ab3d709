import type { Window } from "../common/window.ts";
import type { Strips } from "./strip_code.ts";

/** What differs between convolutions by strips. */
export type StripSource =
  & Pick<Strips, "vector" | "byWindow" | "inPairs" | "code">
  & {
    /** Which planes are computed: outputs, or the gradient for inputs. */
    readonly from: "out" | "in";
  };

/** Widths of filters whose columns are unrolled in a program. */
const [NARROWEST, WIDEST] = [2, 5];

/**
 * A convolution, or its gradient for the images, by strips; undefined if it has
 * other steps than 1, other channels than the program takes, lines that cannot be
 * stored in fours, or a filter that has little to share or needs a long program.
 */
export function stripsOf(
  window: Window,
  { from, byWindow, ...source }: StripSource,
): Strips | undefined {
  const { padInfo, filterHeight, filterWidth, outChannels } = window;
  const outSize = [window.outHeight, window.outWidth] as const;
  const inSize = [window.inHeight, window.inWidth] as const;
  const ofOutputs = from === "out";
  const size = ofOutputs ? outSize : inSize;
  const steps = [
    window.strideHeight,
    window.strideWidth,
    window.dilationHeight,
    window.dilationWidth,
  ];
  if (
    steps.some((step) => step !== 1) || window.dataFormat !== "channelsLast" ||
    outChannels % 4 !== 0 || size[1] % 4 !== 0 ||
    filterWidth < NARROWEST || filterWidth > WIDEST
  ) return undefined;
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
