import type { Images, ImageShape } from "./images.ts";

/** Side to which images are brought to be compared by features. */
export const workingSide = 32;

/** Images of one size, which features and alignments are computed of. */
export interface WorkingImages extends Images {
  /** Number of channels; the pixels are `[rows, 32, 32, channels]`. */
  readonly channels: number;
  /** Their grey values, shape `[rows, 32, 32]`. */
  readonly grey: Uint8Array;
}

/**
 * Brings images to 32 x 32 pixels by area averaging, whatever their aspect ratio,
 * and computes grey values: luma of three channels, the mean of others.
 */
export function toWorkingImages(
  { pixels, rows }: Images,
  [height, width, channels]: ImageShape,
): WorkingImages {
  const side = workingSide;
  const sized = height === side && width === side
    ? pixels
    : resize(pixels, rows, [height, width, channels]);
  const weights = channels === 3
    ? [77 / 256, 150 / 256, 29 / 256] // ITU-R BT.601
    : new Array<number>(channels).fill(1 / channels);
  const grey = new Uint8Array(rows * side * side);
  for (let at = 0; at < grey.length; at++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      sum += weights[c]! * sized[at * channels + c]!;
    }
    grey[at] = Math.round(sum);
  }
  return { pixels: sized, rows, channels, grey };
}

function resize(
  pixels: Uint8Array,
  rows: number,
  [height, width, channels]: ImageShape,
): Uint8Array {
  const side = workingSide;
  const [down, across] = [
    areaCells(0, 1, side, height),
    areaCells(0, 1, side, width),
  ];
  const sized = new Uint8Array(rows * side * side * channels);
  const lines = new Float64Array(side * width * channels);
  const size = height * width * channels;
  for (let row = 0, to = 0; row < rows; row++) {
    lines.fill(0);
    down.forEach(({ first, weights }, y) =>
      weights.forEach((weight, i) => {
        const from = row * size + (first + i) * width * channels;
        for (let x = 0; x < width * channels; x++) {
          lines[y * width * channels + x]! += weight * pixels[from + x]!;
        }
      })
    );
    for (let y = 0; y < side; y++) {
      for (const { first, weights } of across) {
        for (let c = 0; c < channels; c++, to++) {
          let sum = 0;
          for (let i = 0; i < weights.length; i++) {
            sum += weights[i]! * lines[(y * width + first + i) * channels + c]!;
          }
          sized[to] = Math.round(sum);
        }
      }
    }
  }
  return sized;
}

/** Which pixels of a line a cell covers, and by what share of itself. */
export interface AreaCell {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Cells of equal length that divide a part of a line.
 *
 * @param from Where the part begins, as a share of the line.
 * @param length Its length, as a share of the line.
 * @param cells Number of cells.
 * @param pixels Number of pixels of the line.
 */
export function areaCells(
  from: number,
  length: number,
  cells: number,
  pixels: number,
): AreaCell[] {
  return Array.from({ length: cells }, (_, i) => {
    const start = (from + length * i / cells) * pixels;
    const end = (from + length * (i + 1) / cells) * pixels;
    const first = Math.min(pixels - 1, Math.max(0, Math.floor(start + 1e-9)));
    const last = Math.min(pixels, Math.max(first + 1, Math.ceil(end - 1e-9)));
    const weights = Array.from(
      { length: last - first },
      (_, k) =>
        Math.max(0, Math.min(end, first + k + 1) - Math.max(start, first + k)),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}
