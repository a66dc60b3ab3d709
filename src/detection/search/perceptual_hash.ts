import type { Images, ImageShape } from "./images.ts";

/** Largest shift of a near duplicate in each direction, in pixels. */
export const maxShift = 2;

/** Positions of a window that is smaller by `maxShift` pixels on each side. */
export const positions = (2 * maxShift + 1) ** 2;

/** The window at the centre, unshifted. */
export const centre = (positions - 1) / 2;

/**
 * Hashes of every image in every position of the window, as two words of 24 bits:
 * the signs of a 7 x 7 transform except for its constant term, the first 24
 * coefficients and the others, row by row of the transform.
 */
export interface PerceptualHashes {
  /** Bits 0 to 23, shape `[rows, positions]`. */
  readonly low: Uint32Array;
  /** Bits 24 to 47, shape `[rows, positions]`. */
  readonly high: Uint32Array;
  /** Number of images. */
  readonly rows: number;
}

/** Blocks per side. */
const blocks = 7;

/**
 * Cosines of the transform as integers, shape `[frequency, block]`, so that
 * every sum is exact and every machine finds the same signs.
 */
const cosines = Float64Array.from(
  { length: blocks * blocks },
  (_, i) =>
    Math.round(
      1024 * Math.cos(
        Math.PI * Math.floor(i / blocks) * (2 * (i % blocks) + 1) /
          (2 * blocks),
      ),
    ),
);

/**
 * Largest coefficient that is 0 but for rounding. Where blocks have 16 pixels, as at
 * 32 x 32, sums are multiples of 1/16 and exact. Otherwise means are rounded, and
 * what is 0 in an image that is symmetric, or the same in each row, would have any
 * sign: up to 7e-4 was seen, where the least other coefficient was above 1e6.
 */
const ROUNDING = 2 ** -6;

/**
 * Hashes the coarse content of images: the grey means of 7 x 7 blocks, their
 * cosine transform (DCT-II), and the sign of each coefficient but the constant
 * one (after the pHash of Zauner 2010, "Implementation and Benchmarking of
 * Perceptual Image Hash Functions", sec. 3.2, with signs in place of a median).
 * A gain or offset of brightness changes no sign, and noise changes few.
 *
 * The window is smaller by `maxShift` pixels on each side and is hashed in each of
 * the 25 positions `(maxShift + down) * 5 + maxShift + right`: an image and its
 * shifted copy have one window in common, pixel for pixel.
 *
 * @param images Both sides of at least 11 pixels, so that no block is empty.
 * @param shape Height, width and channels; three channels are weighted as luma,
 * others are summed.
 * @throws {RangeError} If the images are smaller.
 */
export function hashImages(
  { pixels, rows }: Images,
  [height, width, channels]: ImageShape,
): PerceptualHashes {
  const smallest = blocks + 2 * maxShift;
  if (height < smallest || width < smallest) {
    throw new RangeError(
      `Images must have at least ${smallest} x ${smallest} pixels to be hashed, got ${height} x ${width}`,
    );
  }
  const weights = channels === 3
    ? [77, 150, 29] // ITU-R BT.601, in 256ths
    : new Array<number>(channels).fill(1);
  const [rowCuts, columnCuts] = [cuts(height), cuts(width)];
  const stride = width + 1;
  /** Sum of the grey values above and to the left of each corner. */
  const sums = new Float64Array((height + 1) * stride);
  const means = new Float64Array(blocks * blocks);
  const halves = new Float64Array(blocks * blocks);
  const low = new Uint32Array(rows * positions);
  const high = new Uint32Array(rows * positions);
  for (let row = 0, from = 0; row < rows; row++) {
    for (let y = 0; y < height; y++) {
      let line = 0;
      for (let x = 0; x < width; x++, from += channels) {
        for (let c = 0; c < channels; c++) {
          line += weights[c]! * pixels[from + c]!;
        }
        sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + line;
      }
    }
    for (let position = 0; position < positions; position++) {
      const down = Math.floor(position / (2 * maxShift + 1));
      averageBlocks(down * stride + position % (2 * maxShift + 1));
      hashBlocks(row * positions + position);
    }
  }
  return { low, high, rows };

  /** Stores the mean of each block minus the mean of all, times 49. */
  function averageBlocks(corner: number): void {
    let total = 0;
    for (let by = 0; by < blocks; by++) {
      const above = corner + rowCuts[by]! * stride;
      const below = corner + rowCuts[by + 1]! * stride;
      const tall = rowCuts[by + 1]! - rowCuts[by]!;
      for (let bx = 0; bx < blocks; bx++) {
        const [left, right] = [columnCuts[bx]!, columnCuts[bx + 1]!];
        const sum = sums[below + right]! - sums[below + left]! -
          sums[above + right]! + sums[above + left]!;
        const mean = sum / (tall * (right - left));
        means[by * blocks + bx] = mean;
        total += mean;
      }
    }
    for (let i = 0; i < means.length; i++) {
      means[i] = means.length * means[i]! - total;
    }
  }

  function hashBlocks(at: number): void {
    for (let by = 0; by < blocks; by++) {
      for (let k = 0; k < blocks; k++) {
        let sum = 0;
        for (let bx = 0; bx < blocks; bx++) {
          sum += cosines[k * blocks + bx]! * means[by * blocks + bx]!;
        }
        halves[by * blocks + k] = sum;
      }
    }
    let [first, second] = [0, 0];
    for (let j = 0, bit = -1; j < blocks; j++) {
      for (let k = 0; k < blocks; k++, bit++) {
        if (bit < 0) continue;
        let sum = 0;
        for (let by = 0; by < blocks; by++) {
          sum += cosines[j * blocks + by]! * halves[by * blocks + k]!;
        }
        if (sum <= ROUNDING) continue;
        if (bit < 24) first |= 1 << bit;
        else second |= 1 << (bit - 24);
      }
    }
    low[at] = first;
    high[at] = second;
  }
}

/** Borders of the blocks along one side, within the window. */
function cuts(side: number): number[] {
  return Array.from(
    { length: blocks + 1 },
    (_, i) => Math.round(i * (side - 2 * maxShift) / blocks),
  );
}
