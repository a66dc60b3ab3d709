import { z } from "zod";
import type { Axis } from "../axis.ts";
import {
  policies,
  policyFields,
  type PolicyName,
  policyNames,
  resolvePolicyOptions,
  type StudyPolicyName,
} from "../policies.ts";
import { namesOf } from "../term.ts";
import { nearKindNames, nearKindsOf } from "./copies.ts";
import { modeNames } from "./mode.ts";
import { standInNames } from "./stand_in.ts";

const shape = {
  duplication: z.strictObject({
    policy: z.enum(policyNames),
    ratio: z.number().min(0),
    mode: z.enum(modeNames),
    standIn: z.enum(standInNames).exclude(["copies"]).optional(),
    ...policyFields,
    nearKinds: z.array(z.enum(nearKindNames)).min(1).optional().describe(
      "How copies differ from their originals; absent: not at all",
    ),
  }),
};

/** Which images are duplicated. */
export const policyAxis: Axis<
  "policy",
  "policy",
  PolicyName,
  false,
  typeof shape
> = {
  field: "policy",
  key: "policy",
  role: "duplication",
  heading: "policy",
  isAlwaysShown: true,
  meaning: "Which images are duplicated",
  entry: z.enum(namesOf(policies)),
  fallback: ["uniform"],
  isLater: false,
  shape,
  terms: policies,
  usual: "none",
  resolve(study, { policy, ratio, mode, standIn, copies }) {
    if (ratio === 0) {
      return { duplication: { policy: "none", ratio, mode: "add" } };
    }
    return {
      duplication: {
        policy,
        ratio,
        mode,
        ...(standIn !== "copies" && { standIn }),
        ...(copies === "near" && standIn === "copies" &&
          { nearKinds: nearKindsOf(study) }),
        ...resolvePolicyOptions(policy as StudyPolicyName, study),
      },
    };
  },
  valueOf: ({ duplication }) => duplication.policy,
  say: (policy) => policy,
};
