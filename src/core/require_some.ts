/**
 * Requires that a list is not empty.
 *
 * @param name The list, as the caller calls it.
 * @throws {RangeError} If it has no entry.
 */
export function requireSome(name: string, list: readonly unknown[]): void {
  if (list.length > 0) return;
  throw new RangeError(`"${name}" must have at least one entry, got none`);
}
