/** Part of the values below which a curvature is due to rounding alone. */
const ROUNDING = 1e-12;

/** A curve: points of (position, value). */
type Curve<Value> = readonly (readonly [x: number, value: Value])[];

/**
 * Departure of curves from a straight line: the coefficient of the squared position
 * in the least-squares parabola over the positions that all of them have.
 *
 * @returns One per curve; empty for fewer than 3 such positions.
 */
export function curvaturesOf(curves: readonly Curve<number>[]): number[] {
  const xs = sharedPositions(curves);
  const weights = quadraticWeights(xs);
  return weights === null ? [] : curves.map((points) => {
    const terms = xs.map((x, i) =>
      weights[i]! * points.find(([position]) => position === x)![1]
    );
    const value = terms.reduce((sum, term) => sum + term, 0);
    const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
    return Math.abs(value) <= ROUNDING * size ? 0 : value;
  });
}

/** Positions that all curves have, in the order of the first. */
export function sharedPositions(curves: readonly Curve<unknown>[]): number[] {
  return (curves[0] ?? []).map(([x]) => x).filter((x) =>
    curves.every((points) => points.some(([position]) => position === x))
  );
}

/**
 * Weights of the values at different positions whose sum is the coefficient of
 * `x^2` in the least-squares parabola: `x^2` less its projection on lines, divided
 * by its square.
 *
 * @returns `null` for fewer than 3 positions.
 */
export function quadraticWeights(xs: readonly number[]): number[] | null {
  if (xs.length < 3) return null;
  const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const lines = xs.map((x) => x - mean);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const squares = lines.map((x) => x * x);
  const level = squares.reduce((sum, x) => sum + x, 0) / xs.length;
  const tilt = dot(squares, lines) / dot(lines, lines);
  const rest = squares.map((x, i) => x - level - tilt * lines[i]!);
  const size = dot(rest, rest);
  return rest.map((x) => x / size);
}
