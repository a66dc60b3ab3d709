import type { Dataset, LabelledImages } from "./dataset.ts";

/** How an image is moved when a batch is made; see `train/augmentation.ts`. */
export interface PixelMove {
  /** Rows the image moves down; uncovered pixels are black. */
  readonly down: number;
  /** Columns it moves right. */
  readonly right: number;
  /** Whether it is then mirrored left to right. */
  readonly flip: boolean;
}

/**
 * Byte to pixel in `[0, 1]`, rounded once to float32, so that every backend gets
 * the same numbers.
 */
const unitOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Copies images into a batch of floats.
 *
 * @param images Images to copy from.
 * @param shape Height, width and channels of an image.
 * @param rows Which images, in order.
 * @param moveOf The move of batch entry `i`; default: images are not moved.
 * @returns Pixels in `[0, 1]`, shape `[rows, h, w, c]`.
 */
export function gatherImages(
  images: LabelledImages,
  shape: Dataset["shape"],
  rows: Uint32Array,
  moveOf?: (index: number) => PixelMove,
): Float32Array {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const batch = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    const from = row * size;
    const to = index * size;
    const move = moveOf?.(index);
    if (move === undefined) {
      for (let i = 0; i < size; i++) {
        batch[to + i] = unitOfByte[images.pixels[from + i]!]!;
      }
      return;
    }
    for (let y = 0; y < height; y++) {
      const sourceY = y - move.down;
      if (sourceY < 0 || sourceY >= height) continue;
      for (let x = 0; x < width; x++) {
        const sourceX = (move.flip ? width - 1 - x : x) - move.right;
        if (sourceX < 0 || sourceX >= width) continue;
        const source = from + (sourceY * width + sourceX) * channels;
        const target = to + (y * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          batch[target + channel] =
            unitOfByte[images.pixels[source + channel]!]!;
        }
      }
    }
  });
  return batch;
}

/**
 * The same batch as integers, for images that are already on a device; see
 * `ImageStore.gather`.
 *
 * @param rows Which images, in order.
 * @param moveOf The move of batch entry `i`; default: images are not moved.
 * @returns Row, down, right and flip of each entry, shape `[rows, 4]`.
 */
export function pickImages(
  rows: Uint32Array,
  moveOf?: (index: number) => PixelMove,
): Int32Array {
  const picks = new Int32Array(4 * rows.length);
  rows.forEach((row, index) => {
    const move = moveOf?.(index);
    picks[4 * index] = row;
    if (move === undefined) return;
    picks.set([move.down, move.right, Number(move.flip)], 4 * index + 1);
  });
  return picks;
}

/**
 * One-hot labels of a batch.
 *
 * @returns Shape `[rows, classes]`, one 1 per row.
 */
export function gatherLabels(
  images: LabelledImages,
  classes: number,
  rows: Uint32Array,
): Float32Array {
  const batch = new Float32Array(rows.length * classes);
  rows.forEach((row, index) => {
    batch[index * classes + images.labels[row]!] = 1;
  });
  return batch;
}
