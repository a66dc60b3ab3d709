import { basename, isAbsolute, relative } from "node:path";

/**
 * The words of a call as results keep them: an absolute path below `cwd` becomes
 * relative to it, any other is cut to its last part, so that nobody's home
 * folder is published and the command can be repeated elsewhere.
 */
export function recordWords(
  words: readonly string[],
  { cwd }: { cwd: string },
): string[] {
  return words.map((word) => {
    const [, flag = "", value = ""] = /^(-[^=]*=)?(.*)$/s.exec(word)!;
    if (!isAbsolute(value)) return word;
    const inside = relative(cwd, value);
    const isInside = inside !== "" && !isAbsolute(inside) &&
      !/^\.\.([\\/]|$)/.test(inside);
    return flag + (isInside ? inside : basename(value));
  });
}
