import { centre, maxShift, positions } from "./perceptual_hash.ts";

/** How one image is aligned with another: mirrored first, then shifted. */
export interface Pose {
  /** Rows it moves down, in `[-maxShift, maxShift]`. */
  readonly down: number;
  /** Columns it moves right. */
  readonly right: number;
  /** Whether it is mirrored left to right. */
  readonly mirrored: boolean;
}

/** A pose, and how to derive the hash of an image in it from its hashes. */
export interface HashedPose extends Pose {
  /** Position of the window. */
  readonly position: number;
  /** Bits of the low word that mirroring inverts. */
  readonly low: number;
  /** Bits of the high word that mirroring inverts. */
  readonly high: number;
}

/** Coefficients of odd horizontal frequency: every second of 7 columns. */
const odd = Array.from({ length: 48 }, (_, bit) => (bit + 1) % 7 % 2 === 1);

/**
 * Every pose in which two images are compared. The window at `position` of one
 * image is aligned with the window at the centre of the other.
 *
 * @param mirrored Whether to compare mirrored images also: twice the poses.
 */
export function listPoses(mirrored: boolean): HashedPose[] {
  const side = 2 * maxShift + 1;
  const wordOf = (from: number) =>
    odd.slice(from, from + 24).reduce(
      (word, set, bit) => set ? word | 1 << bit : word,
      0,
    );
  return [false, ...(mirrored ? [true] : [])].flatMap((mirrored) =>
    Array.from({ length: positions }, (_, position) => {
      const row = Math.floor(position / side);
      const column = position % side;
      // Mirroring puts a window as far from the other edge.
      const left = mirrored ? side - 1 - column : column;
      return {
        down: maxShift - row,
        right: maxShift - left,
        mirrored,
        position,
        low: mirrored ? wordOf(0) : 0,
        high: mirrored ? wordOf(24) : 0,
      };
    })
  );
}

/** The position of an image that is not moved. */
export const unmoved: number = centre;
