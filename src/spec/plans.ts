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
    title: "independent plans",
    meaning:
      "copies are drawn independently at each ratio, as in the paper's notebook",
  },
} as const satisfies Record<string, Term>;
