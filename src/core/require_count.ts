/**
 * Requires a number of things, such as the images of a batch.
 *
 * @param name The option, as the caller calls it.
 * @param least The smallest number that is allowed.
 * @throws {RangeError} If it is not an integer of at least that.
 */
export function requireCount(name: string, value: number, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(
    `"${name}" must be an integer of at least ${least}, got ${value}`,
  );
}
