import { assert } from "@std/assert";
import { openStream } from "../../../src/core/stream.ts";

/** Seeded values, uniform in `[-1, 1)`. */
export function drawValues(size: number, key: string): Float32Array {
  const stream = openStream(7, "init", "test", key);
  return Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1);
}

/** Product of the sizes. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Largest difference, as a share of the largest expected magnitude. */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  assert(actual.length === expected.length && actual.length > 0);
  let scale = 0;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    const difference = Math.abs(actual[i]! - expected[i]!);
    // A NaN must not count as no difference.
    error = difference <= error ? error : difference;
  }
  return error / scale;
}
