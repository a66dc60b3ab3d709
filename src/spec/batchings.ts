import type { BatchingName } from "./names.ts";
import type { Term } from "./term.ts";

export type { BatchingName };

/** What becomes of the images of a pass that do not fill a batch. */
export const batchings = {
  "full": {
    title: "full batches",
    meaning:
      "every batch is full: the images that are left at the end of a pass over the training list begin a batch that the next pass fills",
  },
  "partial-last": {
    title: "a partial last batch",
    meaning:
      "the last batch of a pass holds the images that are left, as published",
  },
} as const satisfies Record<string, Term>;
