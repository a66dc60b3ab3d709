/**
 * Least-squares slope of values against positions.
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
  for (const [x, y] of points) {
    top += (x - meanX) * (y - meanY);
    bottom += (x - meanX) ** 2;
  }
  return top / bottom;
}
