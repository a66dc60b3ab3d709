import { messageOf, UsageError } from "../core/errors.ts";
import { isNotCapable, systemCode } from "../core/runtime/permissions.ts";

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
  const code = systemCode(error);
  if (code === "ENOENT") return "is absent";
  if (code === "ENOTDIR") {
    return "has a file where a folder is needed";
  }
  if (code === "EACCES" || code === "EPERM") {
    return "is not readable by this user";
  }
  if (isNotCapable(error)) {
    return "may not be read: Deno runs without --allow-read for it";
  }
  return `cannot be read: ${messageOf(error)}`;
}
