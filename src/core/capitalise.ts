/** A text that begins with a capital, as a sentence does. */
export function capitalise(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
