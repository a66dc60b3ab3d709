/** A number with its noun: `1 file`, `3,000 files`; of another plural, that. */
export function countOf(
  count: number,
  one: string,
  several: string = `${one}s`,
): string {
  // A margin of 0.0005 points keeps its digits.
  const number = Number.isInteger(count) ? count.toLocaleString("en") : count;
  return `${number} ${count === 1 ? one : several}`;
}
