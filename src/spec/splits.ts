import type { SplitRule } from "./names.ts";
import type { Term } from "./term.ts";

export type { SplitRule };

/** How a folder is split into training and test images. */
export const splits = {
  "groups": {
    title: "by groups of duplicates",
    meaning:
      "one image in five of each class is for testing, and images that are exact, near or mirrored duplicates of each other are in the same split",
  },
  "images": {
    title: "image by image",
    meaning:
      "one image in five of each class is for testing, without regard to duplicates",
  },
} as const satisfies Record<string, Term>;
