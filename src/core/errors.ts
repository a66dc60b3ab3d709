/** Further fields of an error. */
export interface FaultOptions extends ErrorOptions {
  /**
   * The fields that the message is about: the names of a study's or an option
   * object's fields, written in the message in double quotes. The command line
   * puts its flags in their place: `"limitTrain"` becomes `--limit-train`.
   */
  field?: string | readonly string[] | undefined;
  /** Lines that go on with what the message says, such as one per broken file. */
  details?: readonly string[] | undefined;
}

/**
 * Wrong usage: an invalid option, file or value. The command line
 * prints its message as one line, its details below it, and exits with code 2.
 */
export class UsageError extends Error {
  /** Name of the class. */
  override name = "UsageError";
  /** The fields that the message names in double quotes. */
  readonly fields: readonly string[];
  /** What goes on with the message, line by line. */
  readonly details: readonly string[];

  /** Makes an error with a message and, where it is about fields, their names. */
  constructor(
    message: string,
    { field, details = [], ...options }: FaultOptions = {},
  ) {
    super(message, options);
    this.fields = [field ?? []].flat();
    this.details = details;
  }
}

/**
 * A device is absent, lost or has too little memory. The command line
 * prints its message as one line and exits with code 2.
 */
export class BackendError extends Error {
  /** Name of the class. */
  override name = "BackendError";
  /** The fields that the message names in double quotes. */
  readonly fields: readonly string[];

  /** Makes an error with a message and, where it is about fields, their names. */
  constructor(message: string, { field, ...options }: FaultOptions = {}) {
    super(message, options);
    this.fields = [field ?? []].flat();
  }
}

/** Largest length of a quotation from a file in a message, in characters. */
const QUOTED = 200;

/**
 * Prepares text from a file to be quoted in a message: on one line, without
 * control characters, and shortened if long.
 */
export function quotation(text: string, longest: number = QUOTED): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}...` : text;
  // deno-lint-ignore no-control-regex
  return cut.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
}

/**
 * The message of anything thrown, on one line; of the system, without its code:
 * `ENOENT: no such file or directory` is `No such file or directory`.
 */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^E[A-Z]+: ([a-z])/, (_, first) => first.toUpperCase())
    .replace(/\s*\n\s*/g, " ").trim();
}
