/**
 * Checks lengths in pixel units.
 *
 * @throws {RangeError} If one is not in `(0, 1]`.
 */
export function checkLengths(lengths: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(lengths)) {
    if (!(value > 0 && value <= 1)) {
      throw new RangeError(
        `"${name}" must be in (0, 1], got ${value}`,
      );
    }
  }
}

/**
 * Checks the smallest pixel that an attack leaves.
 *
 * @throws {RangeError} If it is not in `[0, 1)`.
 */
export function checkLowest(value: number): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(`"lowest" must be in [0, 1), got ${value}`);
}

/**
 * Checks the radius of noise in pixel units, which may go beyond the pixels.
 *
 * @throws {RangeError} If it is not above 0 and finite.
 */
export function checkNoise(value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new RangeError(`"noise" must be above 0, got ${value}`);
}
