import { z } from "zod";
import {
  count,
  type FieldsOf,
  type FieldTerm,
  recordFields,
  studyFields,
} from "./field.ts";
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
  readonly fields?: Readonly<Record<string, FieldTerm>>;
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
      classWeights: {
        schema: z.array(z.number().min(0)).min(1).max(256),
        meaning:
          "Share of each class in the copies, for the policy class-biased",
        fallback: "the first half of the classes share .8",
        absent:
          "the first half of the classes share .8, or the policy is another",
      },
    },
  },
  "single-class": {
    title: "single-class",
    meaning: "only images of one class are copied",
    mark: "triangle-up",
    acrossClasses: "uneven",
    fields: {
      class: {
        schema: z.int().min(0).max(255),
        meaning: "Class whose images the policy single-class copies",
        absent: "the policy is another",
      },
    },
    needs: ["class"],
  },
  "concentrated": {
    title: "concentrated",
    meaning: "few images are copied, many times each",
    mark: "diamond",
    fields: {
      multiplicity: {
        schema: count,
        meaning: "Copies of each chosen image, for the policy concentrated",
        fallback: MULTIPLICITY,
        absent: "the policy is another",
      },
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

type TermsOf<P> = P extends { fields: infer Terms } ? Terms : never;

type PolicyTerms = Intersection<TermsOf<typeof policies[StudyPolicyName]>>;

const terms: PolicyTerms = Object.assign(
  {},
  ...Object.values(policies).map((policy: PolicyTerm) => policy.fields),
);

/** Fields that policies read, by name. */
export type PolicyFields = FieldsOf<PolicyTerms>;

/** Fields of a study that policies read, by name. */
export const policyFields: PolicyFields = studyFields(terms);

/** The same in the config of a cell. */
export const recordedPolicyFields: PolicyFields = recordFields(terms);

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
