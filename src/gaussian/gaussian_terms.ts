import { standIns } from "../spec/axes/stand_in.ts";
import { policies } from "../spec/policies.ts";
import type { Term } from "../spec/term.ts";

/** Which points are copied, in the words of the policies for images. */
export const gaussianPolicyTerms = {
  "balanced": {
    title: policies["uniform"].title,
    meaning: "every point is equally likely to be copied",
  },
  "biased": {
    title: policies["class-biased"].title,
    meaning: "points of class +1 are copied more often than those of class -1",
  },
} as const satisfies Record<string, Term>;

/** What is put in the place of the copies, in the words of the stand-ins. */
export const gaussianStandInTerms = {
  "copies": {
    title: standIns["copies"].title,
    meaning: "points are repeated",
  },
  "fresh": {
    title: "fresh points",
    meaning:
      "control: the copies are replaced by further points of the same classes",
  },
} as const satisfies Record<string, Term>;
