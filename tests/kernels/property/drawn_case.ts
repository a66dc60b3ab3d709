import type * as tf from "@tensorflow/tfjs";

/** One drawn call of an operation. */
export interface DrawnCase {
  /** The call in words, for messages. */
  readonly text: string;
  /** Its inputs of numbers. */
  readonly inputs: readonly DrawnInput[];
  /** The call. */
  run(...inputs: tf.Tensor[]): tf.Tensor;
  /** The result as sums in float64, row by row. */
  reference(...inputs: number[][]): number[];
  /** How many orders of gradients it has; 2, if absent. */
  readonly orders?: 0 | 1 | 2;
}

/** Numbers of an input, row by row. */
export interface DrawnInput {
  readonly values: readonly number[];
  readonly shape: readonly number[];
  /** Default: float32. */
  readonly dtype?: "float32" | "int32";
}

/** Draws from a seeded stream. */
export interface Draw {
  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number;
  /** One of a list. */
  one<T>(list: readonly T[]): T;
  /** Multiples of 1/8 in [-1, 1], so that sums of products are far from a kink. */
  lattice(shape: readonly number[]): DrawnInput;
  /** Different numbers, so that no maximum is close to another number. */
  distinct(shape: readonly number[]): DrawnInput;
}

/** Elements of a shape. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Draws from a stream of numbers in [0, 1). */
export function openDraw(uniform: () => number): Draw {
  const whole = (least: number, most: number) =>
    least + Math.floor(uniform() * (most - least + 1));
  return {
    whole,
    one: (list) => list[whole(0, list.length - 1)]!,
    lattice: (shape) => ({
      shape,
      values: Array.from(
        { length: sizeOf(shape) },
        () => whole(-8, 8) / 8,
      ),
    }),
    distinct(shape) {
      const size = sizeOf(shape);
      const values = Array.from(
        { length: size },
        (_, i) => (i - size / 2 + 0.3) / 8,
      );
      for (let i = size - 1; i > 0; i--) {
        const j = whole(0, i);
        [values[i], values[j]] = [values[j]!, values[i]!];
      }
      return { shape, values };
    },
  };
}
