import { openStream } from "../core/stream.ts";
import type { Split } from "../data/dataset.ts";
import type { PixelMove } from "../data/gather_images.ts";
import type { AugmentationName } from "../spec/augmentations.ts";

/**
 * Draws how one image moves.
 *
 * @param seed Seed of the run.
 * @param pass Pass over the training list, from 0; or the split, where images
 * are augmented to be classified.
 * @param slot Slot of the training list, or the row of the original where copies
 * are augmented as their originals.
 */
export type DrawMove = (
  seed: number,
  pass: number | Split,
  slot: number,
) => PixelMove;

/** Pixels of black border from which a crop is cut, as published. */
const CROP_PADDING = 4;

/**
 * Draws a random crop with padding 4 and a horizontal flip with probability one
 * half (the augmentation of He et al. 2016, arXiv:1512.03385, sec. 4.2).
 */
const drawCropFlip: DrawMove = (seed, pass, slot) => {
  const stream = openStream(seed, "augmentation", pass, slot);
  return {
    down: stream.below(2 * CROP_PADDING + 1) - CROP_PADDING,
    right: stream.below(2 * CROP_PADDING + 1) - CROP_PADDING,
    flip: stream.below(2) === 1,
  };
};

/** The draw of each augmentation; `undefined` where images do not move. */
export const moveDraws: Readonly<
  Record<AugmentationName, DrawMove | undefined>
> = {
  "none": undefined,
  "crop-flip": drawCropFlip,
};
