import { UsageError } from "../core/errors.ts";

/**
 * The error for a file or folder that cannot be used.
 *
 * @param path The file or folder, as the user would find it.
 * @param problem What follows the path in the sentence: what is wrong with it,
 * and what would be right.
 * @param field Field that the problem names.
 */
export function fileFault(
  path: string,
  problem: string,
  field?: string,
): UsageError {
  return new UsageError(`"${path}" ${problem}`, { field });
}

/** Why the system refused a path, as the rest of a sentence about it. */
export function refusalOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "is absent";
  if (error instanceof Deno.errors.NotADirectory) {
    return "needs a folder where there is a file";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "is not readable by this user";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return "may not be read: Deno runs without --allow-read for it";
  }
  const text = error instanceof Error ? error.message : String(error);
  return `cannot be read: ${text.replace(/\s*\n\s*/g, " ").trim()}`;
}
