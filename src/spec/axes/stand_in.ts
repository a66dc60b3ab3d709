import { z } from "zod";
import type { Axis } from "../axis.ts";
import { type MarkedTerm, namesOf } from "../term.ts";
import type { StandInName } from "../names.ts";

export type { StandInName };

/**
 * What stands in the place of the copies: the copies themselves, a weight of the
 * original (1 + its copies), or images of the same classes that were not in the
 * set before. The last two are controls: they separate the repetition of images
 * from their weight, and from a larger or differently mixed set.
 */
export const standIns = {
  "copies": {
    title: "copies",
    meaning: "images are repeated",
    mark: "circle",
  },
  "weights": {
    title: "weights",
    meaning:
      "control: nothing is repeated; the loss of an image counts as often as its copies would",
    mark: "square",
  },
  "fresh": {
    title: "fresh images",
    meaning:
      "control: further images of the same classes take the place of the copies",
    mark: "triangle-up",
  },
} as const satisfies Record<string, MarkedTerm>;

/** Names of the stand-ins. */
export const standInNames: readonly [StandInName, ...StandInName[]] = namesOf(
  standIns,
);

/** What stands in the place of the copies. */
export const standInAxis: Axis<
  "standIn",
  "standIn",
  StandInName,
  true,
  Record<never, never>
> = {
  field: "standIn",
  key: "standIn",
  role: "duplication",
  heading: "stand-in",
  meaning:
    "What stands in the place of the copies: the copies themselves, weights of their originals, or fresh images of the same classes (beyond limitTrain); the last two only in mode add",
  entry: z.enum(standInNames),
  fallback: ["copies"],
  isLater: true,
  shape: {},
  terms: standIns,
  usual: "copies",
  resolve: () => ({}),
  // What replaces an original is always a copy.
  admits: ({ standIn, mode }) => mode === "add" || standIn === "copies",
  valueOf: ({ duplication: { ratio, standIn } }) =>
    ratio === 0 ? null : standIn ?? "copies",
  say: (standIn) => `${standIns[standIn].title} in place of copies`,
};
