/** Which images are duplicated; `none` is the policy of ratio 0. */
export const policyNames = [
  "none",
  "uniform",
  "class-biased",
  "single-class",
  "concentrated",
  "whole-copies",
] as const;

/** Name of a policy. */
export type PolicyName = typeof policyNames[number];

/**
 * What stands where the copies would: the copies themselves, a weight of the
 * original (1 + its copies), or images of the same classes that were not there
 * before. The last two are controls: they tell the repetition of images from
 * their weight, and from a larger or otherwise mixed set.
 */
export const standInNames = ["copies", "weights", "fresh"] as const;

/** Name of a stand-in. */
export type StandInName = typeof standInNames[number];

/** Everything that, with the labels, decides a plan. */
export interface DuplicationOptions {
  /** Which images are duplicated. */
  policy: PolicyName;
  /** Copies per original image of the full set, at least 0; may exceed 1. */
  ratio: number;
  /** Whether the set grows, or copies displace other originals. */
  mode: "add" | "replace";
  /** Any integer in `[0, 2^53)`. */
  seed: number;
  /** `class-biased`: share of each class in the copies, up to a factor. */
  classWeights?: readonly number[] | undefined;
  /** `single-class`: the class that is duplicated. */
  class?: number | undefined;
  /** `concentrated`: copies of each chosen image; 10 by default. */
  multiplicity?: number | undefined;
}

/** What a policy draws from. */
export interface DrawContext {
  /** Class of each row, shape `[rows]`. */
  labels: Uint8Array;
  /** Count of classes. */
  classes: number;
  /** The options of the plan. */
  options: DuplicationOptions;
  /**
   * 1 for each row that has been displaced by now, shape `[rows]`; a policy
   * looks here before each draw, for such a row must not be copied.
   */
  removed: Uint8Array;
}

/**
 * A policy is an endless sequence of the rows to copy, which must not depend on
 * the ratio: the copies at a ratio are its first ones, so plans nest because
 * they cannot do otherwise. It ends only where it has no row left to give.
 *
 * @throws {RangeError} If an option of the policy is out of its range.
 */
export type Policy = (context: DrawContext) => Iterator<number, void>;
