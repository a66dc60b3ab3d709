import { openStream } from "../core/stream.ts";

/**
 * Draws the dropout factors of one gradient step (Srivastava et al. 2014, JMLR
 * 15, scaled while training as PyTorch does): 0 with probability `rate`, otherwise
 * `1 / (1 - rate)`.
 *
 * @param rate Probability of 0, in `[0, 1)`.
 * @param options `seed` of the run; `step` from 0; `size`: how many factors.
 * @returns Shape `[size]`.
 */
export function drawDropout(
  rate: number,
  { seed, step, size }: { seed: number; step: number; size: number },
): Float32Array {
  const stream = openStream(seed, "dropout", step);
  const kept = 1 / (1 - rate);
  return Float32Array.from(
    { length: size },
    () => stream.uniform() < rate ? 0 : kept,
  );
}
