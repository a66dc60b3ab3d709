import type { Term } from "./term.ts";
import type { AugmentationName } from "./names.ts";

export type { AugmentationName };

/** Random changes of training images. */
export const augmentations = {
  "none": { title: "none", meaning: "images are trained on as they are" },
  "crop-flip": {
    title: "crop and flip",
    meaning:
      "a random crop with padding 4 and a horizontal flip with probability one half (He et al. 2016)",
  },
} as const satisfies Record<string, Term>;

/** How a copy is augmented. */
export const copyAugmentations = {
  "own": {
    title: "drawn anew",
    meaning: "a copy draws an augmentation of its own",
  },
  "same": {
    title: "as the original",
    meaning: "a copy is augmented exactly as its original",
  },
} as const satisfies Record<string, Term>;
