import { openStream } from "../core/stream.ts";
import type { Split } from "../data/dataset.ts";
import type { PixelMove } from "../data/gather_images.ts";

/** Pixels of black border from which a crop is cut, as published. */
const CROP_PADDING = 4;

/**
 * Draws a random crop with padding 4 and a horizontal flip with chance one half
 * (the augmentation of He et al. 2016, arXiv:1512.03385, sec. 4.2).
 *
 * @param seed Seed of the run.
 * @param pass Which pass over the training list, from 0; or which split, where
 * images are augmented to be classified.
 * @param slot Whose draw: a slot of its own for each copy, or the row of the
 * original where copies are to move alike.
 */
export function drawMove(
  seed: number,
  pass: number | Split,
  slot: number,
): PixelMove {
  const stream = openStream(seed, "augmentation", pass, slot);
  return {
    down: stream.below(2 * CROP_PADDING + 1) - CROP_PADDING,
    right: stream.below(2 * CROP_PADDING + 1) - CROP_PADDING,
    flip: stream.below(2) === 1,
  };
}
