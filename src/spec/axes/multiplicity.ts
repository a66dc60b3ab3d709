import type { Axis } from "../axis.ts";
import { count } from "../field.ts";
import { MULTIPLICITY } from "../policies.ts";
import { valuesOf } from "../values_of.ts";

/** How often each image is copied, where few images are copied many times. */
export const multiplicityAxis:
  & Axis<
    "multiplicity",
    "multiplicity",
    number,
    true,
    Record<never, never>
  >
  & { readonly mayBeOne: true } = {
    field: "multiplicity",
    key: "multiplicity",
    role: "duplication",
    heading: "multiplicity",
    meaning: "Copies of each chosen image, for the policy concentrated",
    entry: count,
    fallback: [MULTIPLICITY],
    isLater: true,
    mayBeOne: true,
    policy: "concentrated",
    shape: {},
    usual: MULTIPLICITY,
    resolve: () => ({}),
    // Points of other policies are not multiplied.
    admits: ({ policy, multiplicity }, study) =>
      policy === "concentrated" ||
      multiplicity === valuesOf(study, multiplicityAxis)[0],
    valueOf: ({ duplication: { multiplicity } }) => multiplicity ?? null,
    say: (multiplicity) => `multiplicity ${multiplicity}`,
  };
