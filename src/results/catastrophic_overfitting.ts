import type { OverfittingCounts } from "./result_set_types.ts";

/** Share of the images that PGD leaves right at most. */
const MOST_ROBUST = 0.05;

/** Fewer images say nothing: one that PGD alone finds would be much of them. */
const FEWEST_IMAGES = 50;

/** By how much of the images the single step leaves more right, at least. */
const LEAST_GAP = 0.2;

/**
 * Whether a network resists single steps and nothing else: PGD leaves at most 5 %
 * of the training images right, and one step at least 20 % more, of at least 50 images. This is
 * catastrophic overfitting (Wong, Rice and Kolter 2020, arXiv:2001.03994,
 * sec. 5.4): the accuracy under PGD falls to 0 within an epoch, which a few
 * training images show, while that under the single step of training rises. Their
 * code ends training where the first falls by more than 20 % of the images; the
 * gap here is as large, and does not depend on when the network was looked at.
 */
export function hasOverfit(
  { images, singleStep, pgd }: OverfittingCounts,
): boolean {
  return images >= FEWEST_IMAGES && pgd <= MOST_ROBUST * images &&
    singleStep - pgd >= LEAST_GAP * images;
}
