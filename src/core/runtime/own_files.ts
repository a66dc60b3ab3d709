import { existsSync } from "node:fs";

/**
 * A module of dupbench as it is here: TypeScript in a checkout, JavaScript in a
 * package for npm.
 *
 * @param path Relative, without its ending.
 * @param from URL of the module that asks.
 */
export function siblingModule(path: string, from: string): URL {
  const ending = from.endsWith(".ts") ? ".ts" : ".js";
  return new URL(path + ending, from);
}

/** Whether a file of dupbench is there: some are in a checkout alone. */
export function existsHere(url: URL): boolean {
  return url.protocol === "file:" && existsSync(url);
}
