import type { LeakRule } from "./names.ts";
import type { Term } from "./term.ts";

export type { LeakRule };

/** What becomes of test images with a duplicate among the training images. */
export const leakRules = {
  "counted": {
    title: "leaks counted",
    meaning:
      "test images with a duplicate among the training images count like all others",
  },
  "apart": {
    title: "leaks counted apart",
    meaning:
      "test images with a duplicate among the training images, exact, near or mirrored, are no part of any accuracy and are counted by themselves",
  },
} as const satisfies Record<string, Term>;
