import { z } from "zod";
import type { Axis } from "../axis.ts";

const entry = z.number().gt(0).max(64);
const shape = {
  width: entry.optional().describe(
    "Factor by which the network's channels and hidden units are multiplied; absent: 1",
  ),
};

/** How wide the network is. */
export const widthAxis: Axis<"width", "width", number, true, typeof shape> = {
  field: "width",
  key: "width",
  role: "condition",
  heading: "width",
  meaning:
    "Widths: factors by which the channels and hidden units of the network are multiplied",
  entry,
  fallback: [1],
  isLater: true,
  shape,
  usual: 1,
  keepsClaims: true,
  resolve: (_, { width }) => width === 1 ? {} : { width },
  valueOf: ({ width }) => width ?? 1,
  say: (width) => `width ${width}`,
};
