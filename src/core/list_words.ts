const lists = new Intl.ListFormat("en-GB");

/** Words as a list within a sentence: `a`, `a and b`, or `a, b and c`. */
export function listWords(words: Iterable<string>): string {
  return lists.format(words);
}
