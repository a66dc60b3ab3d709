import { openStream, type Stream } from "../core/stream.ts";
import type { Dataset, Split } from "../data/dataset.ts";
import type { PixelMove } from "../data/gather_images.ts";
import {
  type AugmentationConfig,
  type AugmentationName,
  CROP_PADDING,
} from "../spec/augmentations.ts";

/**
 * Draws how one image moves.
 *
 * @param pass Pass over the training list, from 0; or the split, where images
 * are augmented to be classified.
 * @param slot Slot of the training list, or the row of the original where copies
 * are augmented as their originals.
 */
export type DrawMove = (pass: number | Split, slot: number) => PixelMove;

/** What moves are drawn for. */
export interface MoveOptions {
  /** Seed of the run. */
  readonly seed: number;
  /** Height, width and channels of an image. */
  readonly shape: Dataset["shape"];
}

/**
 * The moves of an augmentation, each from a stream of its own.
 *
 * @returns How to draw them; `undefined` where images do not move.
 * @throws {RangeError} If a border is to be reflected that is as wide as images.
 */
export function openMoves(
  augmentation: Omit<AugmentationConfig, "copies">,
  options: MoveOptions,
): DrawMove | undefined {
  return openers[augmentation.name](augmentation, options);
}

const openers: Readonly<
  Record<
    AugmentationName,
    (
      augmentation: Omit<AugmentationConfig, "copies">,
      options: MoveOptions,
    ) => DrawMove | undefined
  >
> = {
  "none": () => undefined,
  "crop-flip": openCropFlip,
};

/**
 * A random crop of the image with a border, and a horizontal flip (the
 * augmentation of He et al. 2016, arXiv:1512.03385, sec. 4.2, where the border is
 * black and 4 pixels wide, and the flip has probability one half in each pass);
 * then cutout.
 */
function openCropFlip(
  { padding = CROP_PADDING, border, flip, cutout }: Omit<
    AugmentationConfig,
    "copies"
  >,
  { seed, shape: [height, width] }: MoveOptions,
): DrawMove {
  if (border === "reflect" && padding >= Math.min(height, width)) {
    throw new RangeError(
      `"cropPadding" of a border that is reflected must be less than ${
        Math.min(height, width)
      }, the smaller side of images of ${height}x${width} pixels, got ${padding}`,
    );
  }
  const draw: DrawMove = (pass, slot) => {
    const stream = openStream(seed, "augmentation", pass, slot);
    return {
      down: stream.below(2 * padding + 1) - padding,
      right: stream.below(2 * padding + 1) - padding,
      flip: stream.below(2) === 1,
      ...(border && { border }),
      ...(cutout && { cutout: drawSquare(stream, cutout) }),
    };
  };
  // Cutout (DeVries and Taylor 2017, arXiv:1708.04552): the centre is uniform
  // over the pixels of the image, so that the square may reach beyond it. Theirs
  // is filled with 0 after normalisation, the mean pixel; here it is black.
  const drawSquare = (stream: Stream, side: number) => ({
    top: stream.below(height) - Math.floor(side / 2),
    left: stream.below(width) - Math.floor(side / 2),
    side,
  });
  return flip === "alternating" ? alternate(draw) : draw;
}

/**
 * Flips an image in every other pass: in the first one as drawn, then each time
 * unlike the pass before (Jordan 2024, arXiv:2404.00498, sec. 3.4). Of its two
 * views each is then seen once every two passes. Moves of a split stay.
 */
function alternate(draw: DrawMove): DrawMove {
  const first = new Map<number, boolean>();
  return (pass, slot) => {
    const move = draw(pass, slot);
    if (typeof pass === "string") return move;
    let isFlipped = first.get(slot);
    if (isFlipped === undefined) {
      isFlipped = (pass === 0 ? move : draw(0, slot)).flip;
      first.set(slot, isFlipped);
    }
    return { ...move, flip: isFlipped === (pass % 2 === 0) };
  };
}
