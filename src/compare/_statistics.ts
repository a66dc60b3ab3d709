/** Middle of an odd number of values, mean of the middle two of an even one. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const { length } = sorted;
  return (sorted[(length - 1) >> 1]! + sorted[length >> 1]!) / 2;
}

/**
 * Geometric mean, the only mean of ratios that does not depend on which file is
 * the reference (Fleming and Wallace 1986, CACM 29).
 *
 * @param values Above 0; at least one.
 */
export function geometricMean(values: readonly number[]): number {
  const logarithms = values.map(Math.log);
  return Math.exp(logarithms.reduce((a, b) => a + b) / values.length);
}
