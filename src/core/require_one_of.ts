/**
 * Requires that a name is one of a closed list. Callers without a type check would
 * otherwise get what another name means, or an error that names no option.
 *
 * @param name The option, as the caller calls it.
 * @throws {RangeError} If it is none of them.
 */
export function requireOneOf(
  name: string,
  value: string,
  known: readonly string[],
): void {
  if (known.includes(value)) return;
  throw new RangeError(
    `"${name}" must be one of ${known.join(", ")}, got "${value}"`,
  );
}
