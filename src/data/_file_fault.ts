import { UsageError } from "../core/errors.ts";

/**
 * The one line that names a bad file and its fault.
 *
 * @param path The file or folder, as the user would find it.
 * @param name What about it is wrong, such as `size`.
 * @param want What it has to be.
 * @param got What it is.
 */
export function fileFault(
  path: string,
  name: string,
  want: string,
  got: string | number,
): UsageError {
  return new UsageError(
    `Cannot read "${path}" as ${name} must be ${want}: current value is ${got}`,
  );
}

/** Why the system refused a path, in a word or two. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "absent";
  if (error instanceof Deno.errors.NotADirectory) return "not a directory";
  if (error instanceof Deno.errors.PermissionDenied) return "not readable";
  if (error instanceof Deno.errors.NotCapable) {
    return "not permitted, as Deno runs without --allow-read for it";
  }
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, " ").trim();
}
