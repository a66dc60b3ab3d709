/**
 * Requires a number of things, such as the images of a batch.
 *
 * @param name The option, as the caller calls it.
 * @throws {RangeError} If it is not an integer of at least 1.
 */
export function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(
    `"${name}" must be an integer of at least 1, got ${value}`,
  );
}
