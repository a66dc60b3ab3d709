import { z } from "zod";
import { count, laterField } from "./field.ts";
import { type Intersection, type MarkedTerm, namesOf } from "./term.ts";
import type { PolicyName, StudyPolicyName } from "./names.ts";
import type { PolicyOptions } from "./study_types.ts";

export type { PolicyName, PolicyOptions, StudyPolicyName };

/** A rule that says which images are copied. */
export interface PolicyTerm extends MarkedTerm {
  /**
   * How its copies are spread over the classes, for claims about even and about
   * uneven duplication; absent: neither is about it.
   */
  readonly acrossClasses?: "even" | "uneven";
  /** Whether its copies are the same whatever the seed; absent: they are drawn. */
  readonly isFixed?: true;
  /** Fields of a study that this policy reads and no other. */
  readonly fields?: z.ZodRawShape;
  /** What of these is planned where the study does not say. */
  readonly fallbacks?: Readonly<Record<string, unknown>>;
  /** Those of its fields that a study must have. */
  readonly needs?: readonly string[];
}

/** Copies of each chosen image, where a study does not say. */
export const MULTIPLICITY = 10;

/** Rules that say which images are copied. */
export const policies = {
  "uniform": {
    title: "uniform",
    meaning:
      "every image is equally likely to be copied; above ratio 1 the whole set is copied first",
    mark: "circle",
    acrossClasses: "even",
  },
  "class-biased": {
    title: "class-biased",
    meaning:
      "some classes are copied more than others; by default the first half of the classes gets 80 % of the copies",
    mark: "square",
    acrossClasses: "uneven",
    fields: {
      classWeights: laterField(
        z.array(z.number().min(0)).min(1).max(256),
        {
          meaning:
            "Share of each class in the copies, for the policy class-biased",
          fallback: "the first half of the classes share .8",
        },
      ),
    },
  },
  "single-class": {
    title: "single-class",
    meaning: "only images of one class are copied",
    mark: "triangle-up",
    acrossClasses: "uneven",
    fields: {
      class: laterField(z.int().min(0).max(255), {
        meaning: "Class whose images the policy single-class copies",
      }),
    },
    needs: ["class"],
  },
  "concentrated": {
    title: "concentrated",
    meaning: "few images are copied, many times each",
    mark: "diamond",
    fields: {
      multiplicity: laterField(count, {
        meaning: "Copies of each chosen image, for the policy concentrated",
        fallback: MULTIPLICITY,
      }),
    },
    fallbacks: { multiplicity: MULTIPLICITY },
  },
  "whole-copies": {
    title: "whole copies",
    meaning:
      "the whole training set is copied, as in the paper; the ratio is a whole number",
    mark: "triangle-down",
    acrossClasses: "even",
    isFixed: true,
  },
} as const satisfies Record<string, PolicyTerm>;

/** Names of the policies; `none` is that of ratio 0. */
export const policyNames: readonly ["none", ...StudyPolicyName[]] = [
  "none",
  ...namesOf(policies),
];

/** Policies whose copies are spread over the classes in this way. */
export function policiesAcrossClasses(
  spread: "even" | "uneven",
): StudyPolicyName[] {
  return (Object.keys(policies) as StudyPolicyName[]).filter((name) => {
    const { acrossClasses }: PolicyTerm = policies[name];
    return acrossClasses === spread;
  });
}

type FieldsOf<P> = P extends { fields: infer Fields } ? Fields : never;

/** Fields of a study that policies read, by name. */
export type PolicyFields = Intersection<
  FieldsOf<typeof policies[StudyPolicyName]>
>;

/** Fields of a study that policies read, by name. */
export const policyFields: PolicyFields = Object.assign(
  {},
  ...Object.values(policies).map((policy: PolicyTerm) => policy.fields),
);

/**
 * Of the fields that policies read, those of one policy, fallbacks filled in.
 *
 * @param given Such as a study; fields of other policies are left out.
 */
export function resolvePolicyOptions(
  name: StudyPolicyName,
  given: PolicyOptions,
): PolicyOptions {
  const { fields = {}, fallbacks = {} }: PolicyTerm = policies[name];
  const values = Object.keys(fields).map((field) =>
    [
      field,
      given[field as keyof PolicyOptions] ?? fallbacks[field],
    ] as const
  );
  return Object.fromEntries(
    values.filter(([, value]) => value !== undefined),
  );
}
