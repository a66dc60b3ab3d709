/** A computation in float64: arrays in, one array out. */
export type Reference = (...inputs: number[][]) => number[];

/** Small, so that it seldom crosses the edge of relu. */
const STEP = 1e-6;

/**
 * The gradients of `sum(dy * f(inputs))` by central differences in float64, one
 * array for each input. Their error is about 1e-8.
 */
export function differences(
  f: Reference,
  inputs: readonly number[][],
  dy: ArrayLike<number>,
): number[][] {
  const loss = (inputs: number[][]) =>
    f(...inputs).reduce((sum, value, i) => sum + value * dy[i]!, 0);
  return inputs.map((input, which) =>
    input.map((value, i) => {
      const at = (moved: number) =>
        loss(inputs.map((other, j) =>
          j === which ? other.with(i, moved) : [...other]
        ));
      return (at(value + STEP) - at(value - STEP)) / (2 * STEP);
    })
  );
}

/** The largest absolute difference, over the largest of the expected or `least`. */
export function largestError(
  actual: ArrayLike<number>,
  expected: readonly number[],
  least = 1,
): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = expected.reduce(
    (most, v) => Math.max(most, Math.abs(v)),
    least,
  );
  return expected.reduce((most, value, i) => {
    const error = Math.abs(actual[i]! - value) / scale;
    return error <= most ? most : error;
  }, 0);
}
