import { z } from "zod";
import type { Axis } from "../axis.ts";
import {
  policies,
  type PolicyName,
  policyNames,
  type PolicyTerm,
  recordedPolicyFields,
  resolvePolicyOptions,
  type StudyPolicyName,
} from "../policies.ts";
import { plans } from "../plans.ts";
import { namesOf } from "../term.ts";
import { nearKindNames, nearKindsOf } from "./copies.ts";
import type { Point } from "../axes.ts";
import { modeNames } from "./mode.ts";
import { standInNames, standIns } from "./stand_in.ts";

const shape = {
  duplication: z.strictObject({
    policy: z.enum(policyNames).describe(
      "Which images are copied; none at ratio 0",
    ),
    ratio: z.number().min(0).describe("Copies per original image"),
    mode: z.enum(modeNames).describe(
      "Whether copies are added to the training set, or replace other originals",
    ),
    standIn: z.enum(standInNames).exclude(["copies"]).optional().describe(
      "Control in the place of the copies; absent: the copies themselves",
    ),
    ...recordedPolicyFields,
    nearKinds: z.array(z.enum(nearKindNames)).min(1).optional().describe(
      "How copies differ from their originals; absent: not at all",
    ),
    plans: z.enum(namesOf(plans)).exclude(["nested"]).optional().describe(
      "How copies at different ratios are drawn; absent: those at a ratio are among those at every larger one",
    ),
    conflict: z.number().gt(0).max(1).optional().describe(
      "Share of the copies that have another class's label; absent: none",
    ),
  }).describe("Which copies the training set holds"),
};

/** Which images are copied. */
export const policyAxis: Axis<
  "policy",
  "policy",
  PolicyName,
  false,
  typeof shape,
  StudyPolicyName
> = {
  field: "policy",
  key: "policy",
  role: "duplication",
  heading: "policy",
  isAlwaysShown: true,
  meaning: "Which images are copied",
  entry: z.enum(namesOf(policies)),
  fallback: ["uniform"],
  isLater: false,
  shape,
  terms: policies,
  usual: "none",
  resolve(study, point) {
    const { policy, ratio, mode, standIn, copies, conflict, multiplicity } =
      point;
    if (ratio === 0) {
      return { duplication: { policy: "none", ratio, mode: "add" } };
    }
    return {
      duplication: {
        policy,
        ratio,
        mode,
        ...(standIn !== "copies" && { standIn }),
        ...(copies === "near" && standIns[standIn].hasCopies &&
          { nearKinds: nearKindsOf(study) }),
        ...(conflict > 0 && { conflict }),
        ...(study.plans === "anew" && isDrawn(point) && { plans: "anew" }),
        ...resolvePolicyOptions(policy, { ...study, multiplicity }),
      },
    };
  },
  valueOf: ({ duplication }) => duplication.policy,
  say: (policy) => policy,
};

/** Whether a seed decides anything about the copies, or their stand-ins. */
function isDrawn(
  { policy, standIn, copies, conflict }: Pick<
    Point,
    "policy" | "standIn" | "copies" | "conflict"
  >,
): boolean {
  const { isFixed }: PolicyTerm = policies[policy];
  const isNear = copies === "near" && standIns[standIn].hasCopies;
  return !isFixed || standIn === "fresh" || isNear || conflict > 0;
}
