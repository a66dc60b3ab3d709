import { z } from "zod";
import type { Axis } from "../axis.ts";

/** Most copies per original image. */
export const MOST_RATIO = 100;

/** How many copies there are. */
export const ratioAxis: Axis<
  "ratios",
  "ratio",
  number,
  false,
  Record<never, never>
> = {
  field: "ratios",
  key: "ratio",
  role: "ratio",
  heading: "ratio",
  isAlwaysShown: true,
  meaning: "Copies per original image; may exceed 1",
  entry: z.number().min(0).max(MOST_RATIO),
  fallback: [0, 0.5, 1],
  isLater: false,
  shape: {},
  resolve: () => ({}),
  valueOf: ({ duplication }) => duplication.ratio,
  say: (ratio) => `ratio ${ratio}`,
};
