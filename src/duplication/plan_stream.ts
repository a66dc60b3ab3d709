import { openStream, type Purpose, type Stream } from "../core/stream.ts";
import type { PlanRule } from "../spec/plans.ts";

/** The names of the streams of a plan. */
export interface PlanNaming {
  /** Seed of the run. */
  seed: number;
  /** Ratio of a plan that is drawn anew at each ratio; absent: plans nest. */
  anewAt?: number | undefined;
}

/** The names of the streams of a plan. */
export function planNaming(
  { seed, plans, ratio }: {
    seed: number;
    plans?: PlanRule | undefined;
    ratio: number;
  },
): PlanNaming {
  return plans === "anew" ? { seed, anewAt: ratio } : { seed };
}

/**
 * Opens a stream of a plan. Where plans are drawn anew the ratio is in its name,
 * so that no draw at one ratio says anything about those at another.
 *
 * @param purpose `plan`, or `change` for what near copies differ in.
 */
export function openPlanStream(
  { seed, anewAt }: PlanNaming,
  purpose: Extract<Purpose, "plan" | "change">,
  ...keys: (number | string)[]
): Stream {
  // Numbers of names are integers, and a ratio is none: it is a text.
  return anewAt === undefined
    ? openStream(seed, purpose, ...keys)
    : openStream(seed, purpose, "anew", JSON.stringify(anewAt), ...keys);
}
