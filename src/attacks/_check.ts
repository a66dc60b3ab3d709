/**
 * Checks lengths in pixel units.
 *
 * @throws {RangeError} If one is not in `(0, 1]`.
 */
export function checkLengths(lengths: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(lengths)) {
    if (!(value > 0 && value <= 1)) {
      throw new RangeError(
        `Cannot attack as ${name} must be in (0, 1]: current value is ${value}`,
      );
    }
  }
}

/**
 * Checks how often an attack looks at the classifier.
 *
 * @throws {RangeError} If it is no integer of at least 1.
 */
export function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(
    `Cannot attack as ${name} must be an integer >= 1: current value is ${value}`,
  );
}
