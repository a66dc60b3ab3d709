import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/**
 * Purpose of a seeded stream. Each purpose has a stream of its own, so that one
 * choice (such as no dropout) never affects other draws.
 */
export type Purpose =
  | "analysis"
  | "attack"
  | "augmentation"
  | "change"
  | "dropout"
  | "gaussian"
  | "init"
  | "plan"
  | "sample"
  | "shuffle"
  | "split"
  | "subset";

/** A seeded stream of random numbers, the same on every platform. */
export interface Stream {
  /** The next number, uniform in `[0, 1)`, a multiple of 2^-32. */
  uniform(): number;
  /** The next integer, uniform in `[0, n)`; `n` in `[1, 2^32]`. */
  below(n: number): number;
  /**
   * Fills an array with the next numbers, uniform in `[-bound, bound)`: the same
   * as `bound * (2 * uniform() - 1)` for each, in a fifth of the time.
   */
  fillSymmetric(values: Float32Array, bound: number): void;
}

/**
 * Opens the stream of one purpose. Its state is the first 128 bits of SHA-256
 * over (seed, purpose, keys) and the generator xoroshiro128+ (Blackman and
 * Vigna 2021, arXiv:1805.01407), so that streams of different keys are
 * unrelated and any one can be opened without drawing from another.
 *
 * @param seed Any integer in `[0, 2^53)`, 0 included.
 * @param purpose What the numbers are for.
 * @param keys Further coordinates, such as epoch and row.
 * @throws {RangeError} If the seed is not such an integer.
 */
export function openStream(
  seed: number,
  purpose: Purpose,
  ...keys: (number | string)[]
): Stream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `The seed must be an integer in [0, 2^53), got ${seed}`,
    );
  }
  const hash = createHash("sha256")
    .update(JSON.stringify(["dupbench", seed, purpose, ...keys])).digest();
  let generator = xoroshiro128plusFromState(
    [0, 4, 8, 12].map((at) => hash.readInt32LE(at)),
  );
  return {
    uniform: () => (generator.next() >>> 0) / 2 ** 32,
    below: (n) => uniformInt(generator, 0, n - 1),
    fillSymmetric(values, bound) {
      generator = xoroshiro128plusFromState(
        fillSymmetric(values, bound, generator.getState()),
      );
    },
  };
}

/**
 * The generator's loop with its state in local variables, which stay integers in
 * registers.
 *
 * @returns The state after it.
 */
function fillSymmetric(
  values: Float32Array,
  bound: number,
  [s01, s00, s11, s10]: readonly number[],
): number[] {
  let [a1, a0, b1, b0] = [s01! | 0, s00! | 0, s11! | 0, s10! | 0];
  for (let i = 0; i < values.length; i++) {
    values[i] = bound * (2 * (((a0 + b0) >>> 0) / 2 ** 32) - 1);
    const c0 = b0 ^ a0;
    const c1 = b1 ^ a1;
    const [high, low] = [a1, a0];
    a0 = low << 24 ^ high >>> 8 ^ c0 ^ c0 << 16;
    a1 = high << 24 ^ low >>> 8 ^ c1 ^ (c1 << 16 | c0 >>> 16);
    b0 = c1 << 5 ^ c0 >>> 27;
    b1 = c0 << 5 ^ c1 >>> 27;
  }
  return [a1, a0, b1, b0];
}

/**
 * Draws values one by one. A loop, since `Float32Array.from` with a function
 * takes ten times as long, which for the weights of a network is half a second.
 *
 * @param size How many.
 * @param draw Gives the next value.
 * @returns Shape `[size]`.
 */
export function drawEach(size: number, draw: () => number): Float32Array {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = draw();
  return values;
}

/**
 * A uniformly random order of `0 .. n-1` (Fisher and Yates, from the front, so
 * that the first k entries are a draw of k without replacement).
 *
 * @returns Indices, shape `[n]`.
 */
export function permutation(n: number, stream: Stream): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const j = i + stream.below(n - i);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
