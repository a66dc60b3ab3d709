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
  const recordPath = (path: string) => {
    if (!isAbsolute(path)) return path;
    const inside = relative(cwd, path);
    const isInside = inside !== "" && !isAbsolute(inside) &&
      !/^\.\.([\\/]|$)/.test(inside);
    return isInside ? inside : basename(path);
  };
  return words.map((word) => {
    const [, flag = "", value = ""] = /^(-o=?|--[^=]*=)?(.*)$/s.exec(word)!;
    // A value may be a list of paths.
    return flag + value.split(",").map(recordPath).join(",");
  });
}
