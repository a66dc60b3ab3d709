import { z } from "zod";
import type { Axis } from "../axis.ts";
import { type MarkedTerm, namesOf } from "../term.ts";
import type { ModeName } from "../names.ts";

export type { ModeName };

/** Whether the training set grows with the copies. */
export const modes = {
  "add": {
    title: "adding",
    meaning: "copies are added, so that the training set grows",
    mark: "circle",
  },
  "replace": {
    title: "replacing",
    meaning:
      "copies replace other originals, so that the training set keeps its size",
    mark: "diamond",
  },
} as const satisfies Record<string, MarkedTerm>;

/** Names of the modes. */
export const modeNames: readonly [ModeName, ...ModeName[]] = namesOf(modes);

/** The largest ratio at which every image that is left may be copied once. */
const LARGEST_REPLACED = 0.5;

/** Whether the set grows, or copies displace other originals. */
export const modeAxis: Axis<
  "mode",
  "mode",
  ModeName,
  false,
  Record<never, never>
> = {
  field: "mode",
  key: "mode",
  role: "duplication",
  heading: "mode",
  meaning:
    `Whether copies are added to the training set, or replace other originals (up to ratio ${LARGEST_REPLACED})`,
  entry: z.enum(modeNames),
  fallback: ["add"],
  isLater: false,
  shape: {},
  terms: modes,
  usual: "add",
  resolve: () => ({}),
  // Where a study has both, ratios that only `add` reaches are of `add` alone.
  admits: ({ mode, ratio }, study) =>
    mode === "add" || ratio <= LARGEST_REPLACED || !study.mode.includes("add"),
  valueOf: ({ duplication: { ratio, mode } }) => ratio === 0 ? null : mode,
  say: (mode) => modes[mode].title,
};
