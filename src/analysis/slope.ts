/** Share of the values below which a slope is due to rounding alone. */
const ROUNDING = 1e-12;

/**
 * Least-squares slope of values against positions; 0 where it is due to rounding
 * alone. Values that are all equal would otherwise have a slope of 1e-30, the same
 * for all seeds, which no test could tell from a small effect without variance.
 *
 * @param points At least two different positions.
 */
export function slopeOf(
  points: readonly (readonly [x: number, y: number])[],
): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let top = 0;
  let bottom = 0;
  let size = 0;
  for (const [x, y] of points) {
    top += (x - meanX) * (y - meanY);
    bottom += (x - meanX) ** 2;
    size += Math.abs((x - meanX) * y);
  }
  return Math.abs(top) <= ROUNDING * size ? 0 : top / bottom;
}
