import type { PolicyName, PolicyOptions } from "../spec/policies.ts";
import type { ModeName } from "../spec/axes/mode.ts";
import type { PlanRule } from "../spec/plans.ts";

/** Everything that, with the labels, determines a plan. */
export interface DuplicationOptions extends PolicyOptions {
  /** Which images are duplicated. */
  policy: PolicyName;
  /** Copies per original image of the full set, at least 0; may exceed 1. */
  ratio: number;
  /** Whether the set grows, or copies displace other originals. */
  mode: ModeName;
  /** Any integer in `[0, 2^53)`. */
  seed: number;
  /** Whether copies are drawn anew at each ratio; default: plans nest. */
  plans?: PlanRule | undefined;
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
   * 1 for each row that has been displaced so far, shape `[rows]`. A policy must
   * check it before each draw, as a displaced row must not be copied.
   */
  removed: Uint8Array;
}

/**
 * A policy is a sequence of the rows to copy, which must not depend on the ratio:
 * the copies at a ratio are its first ones, so that plans nest by construction.
 * Only the names of its streams depend on it, where plans are drawn anew. It is
 * endless, unless no row is left.
 *
 * @throws {RangeError} If an option of the policy is out of its range.
 */
export type Policy = (context: DrawContext) => Iterator<number, void>;
