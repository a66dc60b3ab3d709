/**
 * A mistake of the person at the keyboard: a bad option, file or value. The
 * command line prints its message as one line and exits with code 2.
 */
export class UsageError extends Error {
  /** Name of the class. */
  override name = "UsageError";
}

/**
 * A device that is absent, lost or unable to hold the work. The command line
 * prints its message as one line and exits with code 2.
 */
export class BackendError extends Error {
  /** Name of the class. */
  override name = "BackendError";
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, " ").trim();
}
