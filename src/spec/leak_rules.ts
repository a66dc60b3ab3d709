import type { LeakRule } from "./names.ts";
import type { Term } from "./term.ts";

export type { LeakRule };

/** How test images with a duplicate among the training images are counted. */
export const leakRules = {
  "counted": {
    title: "leaks counted",
    meaning:
      "test images with a duplicate among the training images count like all others",
  },
  "apart": {
    title: "leaks counted separately",
    meaning:
      "test images with an exact, near or mirrored duplicate among the training images are excluded from every accuracy and counted separately",
  },
} as const satisfies Record<string, Term>;
