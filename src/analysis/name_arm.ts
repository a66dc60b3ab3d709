import type { Arm } from "./seed_curves.ts";

/** An arm in a few words. */
export function nameArm(arm: Arm): string {
  return [
    arm.model,
    arm.training,
    arm.policy,
    ...(arm.mode === "replace" ? ["replace"] : []),
    ...(arm.standIn === "copies" ? [] : [arm.standIn]),
    ...(arm.dedup === "none" ? [] : [`${arm.dedup} duplicates removed`]),
    `equal ${arm.budget}`,
    arm.backend,
  ].join(", ");
}
