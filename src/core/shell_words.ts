import { spacedLine } from "./clean_text.ts";

/** Words as a command line, each quoted where a shell would change it. */
export function shellWords(words: readonly string[]): string {
  return words.map(quoteWord).join(" ");
}

/**
 * A word of a command line, cleaned of control characters, and quoted where a
 * shell would split or expand it.
 */
export function quoteWord(word: string): string {
  const clean = spacedLine(word);
  return /^[\w./:=,@%+-]+$/.test(clean)
    ? clean
    : `'${clean.replaceAll("'", "'\\''")}'`;
}
