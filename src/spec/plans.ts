import type { PlanRule } from "./names.ts";
import type { Term } from "./term.ts";

export type { PlanRule };

/** How the copies at different ratios of one seed are related. */
export const plans = {
  "nested": {
    title: "nested plans",
    meaning: "the copies at a ratio are among those at every larger ratio",
  },
  "anew": {
    title: "plans drawn anew",
    meaning: "copies are drawn anew at each ratio, as in the paper's notebook",
  },
} as const satisfies Record<string, Term>;
