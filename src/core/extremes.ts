/**
 * The largest of any number of values; `-Infinity` if there are none.
 * `Math.max(...values)` overflows the stack at some 100,000, and files may have
 * more.
 */
export function largest(values: Iterable<number>): number {
  let most = -Infinity;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest of any number of values; `Infinity` if there are none. */
export function smallest(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}
