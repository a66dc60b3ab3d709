import type { SplitRule } from "./names.ts";
import type { Term } from "./term.ts";

export type { SplitRule };

/** How a folder is split into training and test images. */
export const splits = {
  "groups": {
    title: "groups of duplicates whole",
    meaning:
      "one image in five of each class is for testing, and images that are duplicates of each other, exact, near or mirrored, are on one side",
  },
  "images": {
    title: "image by image",
    meaning:
      "one image in five of each class is for testing, whatever their duplicates",
  },
} as const satisfies Record<string, Term>;
