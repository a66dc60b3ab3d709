/** A number with its noun: `1 file`, `3 files`; of another plural, that. */
export function countOf(
  count: number,
  one: string,
  several: string = `${one}s`,
): string {
  return `${count} ${count === 1 ? one : several}`;
}
