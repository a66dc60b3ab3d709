import type { ComparedTime, Overall } from "./comparison.ts";

/** Middle of an odd number of values, mean of the middle two of an even one. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const { length } = sorted;
  return (sorted[(length - 1) >> 1]! + sorted[length >> 1]!) / 2;
}

/** How much longer each file took than the first, over all of its rows. */
export function summariseTimes(
  rows: readonly ComparedTime[],
  files: readonly string[],
): Overall[] {
  return files.map((file) => ({
    file,
    ratio: geometricMean(
      rows.flatMap((row) =>
        row.file === file && row.time !== null ? [row.time.ratio] : []
      ),
    ),
  }));
}

/**
 * Geometric mean, the one mean of ratios that does not depend on which file is
 * the reference (Fleming and Wallace 1986, CACM 29). `null` of nothing.
 */
function geometricMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(
    values.reduce((sum, value) => sum + Math.log(value), 0) / values.length,
  );
}
