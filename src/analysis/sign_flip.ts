import { openStream } from "../core/stream.ts";

/** Values up to which all sign patterns are visited: 2^20 of them. */
const EXACT = 20;

/** Sign patterns drawn beyond that. */
const DRAWS = 100_000;

/**
 * Sign-flip test of a mean against 0 (Fisher 1935, sec. 21): if the seeds'
 * differences are symmetric about 0, all patterns of signs are equally likely.
 * Exact for up to 20 values; 5 cannot give less than .0625.
 *
 * @param values One per seed, at least one.
 * @returns Share of patterns whose mean is as far from 0, two-sided.
 */
export function testSignFlip(values: readonly number[]): number {
  const sum = values.reduce((total, v) => total + v, 0);
  // Sums that differ by rounding alone count as equal. The tolerance is relative
  // to the size of the values, as their sum may be 0.
  const size = values.reduce((total, v) => total + Math.abs(v), 0);
  const bound = Math.abs(sum) - 1e-12 * size;
  return values.length <= EXACT ? exact(values, bound) : sampled(values, bound);
}

function exact(values: readonly number[], bound: number): number {
  const patterns = 2 ** values.length;
  let far = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    values.forEach((v, i) => sum += (pattern >> i) & 1 ? -v : v);
    if (Math.abs(sum) >= bound) far++;
  }
  return far / patterns;
}

function sampled(values: readonly number[], bound: number): number {
  const stream = openStream(0, "analysis", "sign-flip");
  // The observed pattern is one of them.
  let far = 1;
  for (let draw = 0; draw < DRAWS; draw++) {
    let sum = 0;
    for (const v of values) sum += stream.below(2) === 0 ? v : -v;
    if (Math.abs(sum) >= bound) far++;
  }
  return far / (DRAWS + 1);
}
