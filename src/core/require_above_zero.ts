/**
 * Requires a size that is not zero, such as a margin.
 *
 * @param name The option, as the caller calls it.
 * @throws {RangeError} If it is not a finite number above 0.
 */
export function requireAboveZero(name: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new RangeError(`"${name}" must be a number above 0, got ${value}`);
}
