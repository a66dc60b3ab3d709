/**
 * Plans of the images to copy in a training set, made from labels, a policy, a
 * ratio and a seed. A plan is a list of row numbers without pixels, so equal seeds
 * give equal plans on every machine. The copies planned at one ratio are the first
 * of those planned at every larger ratio. Nothing here loads TensorFlow.js.
 *
 * `planDuplication` makes a plan, `trainingRows` converts it to the rows to train
 * on, and `planNearCopies` plans how near copies differ from their originals. With
 * `plans: "anew"` the copies at each ratio are drawn independently.
 *
 * @example Copy half of the images of two classes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { planDuplication, trainingRows } from "@dupbench/dupbench/duplication";
 *
 * const labels = new Uint8Array([0, 0, 1, 1]);
 * const plan = planDuplication(labels, 2, {
 *   policy: "uniform",
 *   ratio: 0.5,
 *   mode: "add",
 *   seed: 1,
 * });
 * assertEquals(plan.copies.length, 2);
 * assertEquals(trainingRows(plan).length, 6);
 * ```
 *
 * @module
 */
export {
  describePlan,
  planDuplication,
  trainingRows,
} from "./plan_duplication.ts";
export { planNearCopies } from "./plan_near_copies.ts";
export type { DuplicationOptions } from "./policy.ts";
export type { DuplicationPlan, PlanDescription } from "./plan_duplication.ts";
export type { PlanNaming } from "./plan_stream.ts";
export type {
  ModeName,
  NearKind,
  PlanRule,
  PolicyName,
} from "../spec/names.ts";
export type { PixelChange } from "../data/pixel_change.ts";
export type { PolicyOptions } from "../spec/study_types.ts";
