import { z } from "zod";
import type { Axis } from "../axis.ts";
import { type MarkedTerm, namesOf } from "../term.ts";
import type { StandInName } from "../names.ts";

export type { StandInName };

/** A stand-in, and whether it repeats images. */
export interface StandInTerm extends MarkedTerm {
  /**
   * Whether there are copies: then they may be near copies, or have other labels
   * than their originals.
   */
  readonly hasCopies: boolean;
  /** What a difference between copies and this control is due to. */
  readonly tests?: "repetition" | "the class mix";
}

/**
 * What stands in the place of the copies: the copies themselves, a weight of the
 * original (1 + its copies), images of the same classes that were not in the set
 * before, or the copies with weights that restore the class mix. All but the
 * first are controls: they separate the repetition of images from their weight,
 * from a larger or differently mixed set, and from the class mix alone.
 */
export const standIns = {
  "copies": {
    title: "copies",
    meaning: "images are repeated",
    mark: "circle",
    hasCopies: true,
  },
  "weights": {
    title: "weights",
    meaning:
      "control: nothing is repeated; the loss of an image is weighted by the number of times that it would occur with its copies",
    mark: "square",
    hasCopies: false,
    tests: "repetition",
  },
  "fresh": {
    title: "fresh images",
    meaning:
      "control: the copies are replaced by further images of the same classes",
    mark: "triangle-up",
    hasCopies: false,
    tests: "repetition",
  },
  "prior-restored": {
    title: "copies with class weights restored",
    meaning:
      "control: images are repeated, with loss weights that give every class the same total weight as without copies",
    mark: "cross",
    hasCopies: true,
    tests: "the class mix",
  },
} as const satisfies Record<string, StandInTerm>;

/** Names of the stand-ins. */
export const standInNames: readonly [StandInName, ...StandInName[]] = namesOf(
  standIns,
);

/** Names of the stand-ins that repeat images. */
export const repeatingStandIns: readonly StandInName[] = standInNames.filter(
  (name) => standIns[name].hasCopies,
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
    "What is used in place of the copies: the copies themselves, weights of their originals, fresh images of the same classes (beyond limitTrain and drawTrain), or copies with the loss weights of the classes restored; all but the first only in mode add",
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
  say: (standIn) =>
    standIns[standIn].hasCopies
      ? standIns[standIn].title
      : `${standIns[standIn].title} in place of copies`,
};
