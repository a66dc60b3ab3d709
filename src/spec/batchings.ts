import type { BatchingName } from "./names.ts";
import type { Term } from "./term.ts";

export type { BatchingName };

/** How the images of a pass that do not fill a batch are used. */
export const batchings = {
  "full": {
    title: "full batches",
    meaning:
      "every batch is full: the images that remain at the end of a pass over the training list begin a batch that the next pass fills",
  },
  "partial-last": {
    title: "a partial last batch",
    meaning:
      "the last batch of a pass holds the remaining images, as published",
  },
} as const satisfies Record<string, Term>;
