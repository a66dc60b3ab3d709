import type { z } from "zod";

/** One command of the command line. */
export interface Command<S extends z.ZodObject = z.ZodObject> {
  /** What a user types. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Words behind the name in the usage line; default `[options]`. */
  readonly usage?: string;
  /** Its options: each field is a flag, in the order of the help text. */
  readonly options: S;
  /** The option that takes the words which are no flags; none: there are none. */
  readonly operands?: string & keyof S["shape"];
  /** Further paragraphs of the help text. */
  readonly help?: string;
  /** Words behind the name in calls worth copying; the plain call is `""`. */
  readonly examples: readonly string[];
  /**
   * Runs it.
   *
   * @param flags What the user gave; fields not given are absent.
   * @param args The words as typed, for the record.
   * @returns The exit code.
   */
  run(flags: GivenFlags, args: string[]): Promise<number>;
}

/** The flags a user gave, converted but not yet validated, by field. */
export type GivenFlags = Readonly<Record<string, unknown>>;
