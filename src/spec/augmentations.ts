import { z } from "zod";
import { laterField } from "./field.ts";
import type { AugmentationName, BorderName, FlipName } from "./names.ts";
import type { AugmentationConfig } from "./study_types.ts";
import { namesOf, type Term } from "./term.ts";

export type { AugmentationConfig, AugmentationName, BorderName, FlipName };

/** An augmentation as a study names it. */
export interface AugmentationTerm extends Term {
  /** Fields of the study that it reads, by the name in the config. */
  readonly reads?: Readonly<Record<string, string>>;
}

/** Random changes of training images. */
export const augmentations = {
  "none": { title: "none", meaning: "images are trained on as they are" },
  "crop-flip": {
    title: "crop and flip",
    meaning:
      "a random crop of the image with a border and a horizontal flip, usually with 4 black pixels and probability one half (He et al. 2016)",
    reads: {
      padding: "cropPadding",
      border: "border",
      flip: "flip",
      cutout: "cutout",
    },
  },
} as const satisfies Record<string, AugmentationTerm>;

/** Content of the border that is added before cropping. */
export const borders = {
  "black": { title: "black border", meaning: "the border is black" },
  "reflect": {
    title: "reflected border",
    meaning:
      "the border is the image, reflected about its outermost pixels, which are not repeated",
  },
} as const satisfies Record<string, Term>;

/** Which images are mirrored left to right. */
export const flips = {
  "random": {
    title: "random flip",
    meaning:
      "an image is mirrored with probability one half, independently in each pass over the training list",
  },
  "alternating": {
    title: "alternating flip",
    meaning:
      "an image is mirrored in every other pass over the training list, starting with the first or the second at random (Jordan 2024)",
  },
} as const satisfies Record<string, Term>;

/** How a copy is augmented. */
export const copyAugmentations = {
  "own": {
    title: "drawn anew",
    meaning: "a copy is augmented independently of its original",
  },
  "same": {
    title: "as the original",
    meaning: "a copy is augmented exactly as its original",
  },
} as const satisfies Record<string, Term>;

/**
 * What augmentations do where a study does not say; none of it is in the config
 * of a cell, so that the ids of recorded cells stay as they are.
 */
const usual = { padding: 4, border: "black", flip: "random" } as const;

/** Pixels of border from which a crop is cut, where a config does not say. */
export const CROP_PADDING: number = usual.padding;

/** Largest square that is cut out: images have 32x32 pixels. */
const LARGEST_CUTOUT = 32;

/** Widest border of images of 32x32 pixels that can be reflected. */
const WIDEST_BORDER = 31;

/** Fields of a study that augmentations read. */
export const augmentationFields = {
  cropPadding: laterField(z.int().min(0).max(WIDEST_BORDER), {
    meaning:
      "Width of the border that is added around an image before cropping, in pixels",
    fallback: `the recipe's, otherwise ${usual.padding}`,
  }),
  border: laterField(z.enum(namesOf(borders)), {
    meaning: "Content of the border that is added before cropping",
    fallback: `the recipe's, otherwise ${usual.border}`,
  }),
  flip: laterField(z.enum(namesOf(flips)), {
    meaning: "Which images are mirrored left to right",
    fallback: `the recipe's, otherwise ${usual.flip}`,
  }),
  cutout: laterField(z.int().min(1).max(LARGEST_CUTOUT), {
    meaning:
      "Side of a black square at a random position of the image, in pixels (DeVries and Taylor 2017)",
    fallback: "the recipe's, otherwise none",
  }),
};

/** An augmentation and its options, as the config of a cell has them. */
export const augmentationConfig = z.strictObject({
  name: z.enum(namesOf(augmentations)).describe(
    "Augmentation of training images",
  ),
  copies: z.enum(namesOf(copyAugmentations)).describe(
    "Whether a copy is augmented independently of its original or in the same way",
  ),
  padding: z.int().min(0).optional().describe(
    `Width of the border that is added before cropping, in pixels; absent: ${usual.padding}`,
  ),
  border: z.enum(namesOf(borders)).exclude([usual.border]).optional().describe(
    `Content of the border; absent: ${usual.border}`,
  ),
  flip: z.enum(namesOf(flips)).exclude([usual.flip]).optional().describe(
    `Which images are mirrored left to right; absent: ${usual.flip}`,
  ),
  cutout: z.int().min(1).optional().describe(
    "Side of a black square at a random position, in pixels; absent: none",
  ),
});

/**
 * An augmentation with its options, as far as they are not the usual ones.
 *
 * @param given Such as a study; fields that the augmentation does not read are
 * left out.
 */
export function resolveAugmentation(
  name: AugmentationName,
  given: Readonly<Record<string, unknown>>,
): Omit<AugmentationConfig, "copies"> {
  const { reads = {} }: AugmentationTerm = augmentations[name];
  const plain: Readonly<Record<string, unknown>> = usual;
  const options = Object.entries(reads)
    .map(([own, field]) => [own, given[field]] as const)
    .filter(([own, value]) => value !== undefined && value !== plain[own]);
  return { name, ...Object.fromEntries(options) };
}
