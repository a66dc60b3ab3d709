import { countOf } from "../core/count_of.ts";
import { nameLevel } from "../analysis/format_analysis.ts";
import type { LevelKey } from "../analysis/levels.ts";
import type { CoordinateValue } from "../spec/axis.ts";

/** How a report speaks of what is varied. */
export interface LevelWords {
  /** Itself, in a headline. */
  readonly name: string;
  /** The axis of its levels, which numbers are read with. */
  readonly axis: string;
  /** Runs at a level, in a sentence. */
  at(value: CoordinateValue): string;
  /** Runs at the last of several levels, next to those at the first. */
  readonly atLast: string;
}

/** The words for everything that may be varied. */
export const levelWords: Readonly<Record<LevelKey, LevelWords>> = {
  ratio: {
    name: "ratio",
    axis: "ratio (copies per original image)",
    at: (ratio) => `at ratio ${ratio}`,
    atLast: "at higher ratios",
  },
  multiplicity: {
    name: "multiplicity",
    axis: "copies of each chosen image",
    at: (count) =>
      `with ${countOf(Number(count), "copy", "copies")} of each chosen image`,
    atLast: "with more copies of each chosen image",
  },
  conflict: {
    name: "share of conflicting labels",
    axis: "share of copies with another class's label",
    at: (share) =>
      `with ${
        share === 0 ? "no" : `${Number((100 * Number(share)).toFixed(6))} %`
      } conflicting labels`,
    atLast: "with more conflicting labels",
  },
  copies: {
    name: "kind of copies",
    axis: "kind of copies",
    at: (kind) => `for ${nameLevel("copies", kind)}`,
    atLast: "for near copies",
  },
  dedup: {
    name: "removal of duplicates",
    axis: "duplicates removed before training",
    at: (kind) => `with ${nameLevel("dedup", kind)}`,
    atLast: "with duplicates removed",
  },
  width: {
    name: "width of the network",
    axis: "width of the network",
    at: (width) => `at width ${width}`,
    atLast: "in wider networks",
  },
  drawTrain: {
    name: "size of the training set",
    axis: "training images",
    at: (count) =>
      `with ${
        typeof count === "number" ? count.toLocaleString("en") : count
      } training images`,
    atLast: "with more training images",
  },
};
