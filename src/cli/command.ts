import type { z } from "zod";
import type { CallIo } from "./io.ts";
import type { GivenFlags } from "./read_flags.ts";
import { validateOptions } from "./validate.ts";

/** What a command takes and does; its name and summary are in `commands.ts`. */
export interface CommandDefinition<S extends z.ZodObject> {
  /** Words after the name in the usage line; default `[options]`. */
  readonly usage?: string;
  /** Its options: each field is a flag, in the order of the help text. */
  readonly options: S;
  /** The option that takes the words that are not flags; none: there are none. */
  readonly operands?: string & keyof S["shape"];
  /** The option that is suggested for a word without one, where none is taken. */
  readonly likelyOption?: string & keyof S["shape"];
  /** Further paragraphs of the help text. */
  readonly help?: string;
  /** Words after the name in calls worth copying; the plain call is `""`. */
  readonly examples: readonly string[];
  /**
   * Runs it.
   *
   * @param options What the user gave, checked, with the defaults filled in.
   * @param io Everything it does to the world besides files.
   * @returns The exit code.
   */
  run(options: z.output<S>, io: CallIo): number | Promise<number>;
}

/** One command of the command line, whatever its options are. */
export interface Command
  extends
    Omit<CommandDefinition<z.ZodObject>, "run" | "operands" | "likelyOption"> {
  /** The option that takes the words that are not flags. */
  readonly operands?: string | undefined;
  /** The option that is suggested for a word without one. */
  readonly likelyOption?: string | undefined;
  /**
   * Checks what the user gave and runs the command.
   *
   * @throws {UsageError} If an option is missing or its value is not allowed.
   */
  call(given: GivenFlags, io: CallIo): number | Promise<number>;
}

/** Makes a command; the type of its options follows from their schema. */
export function defineCommand<S extends z.ZodObject>(
  definition: CommandDefinition<S>,
): Command {
  const { run, ...rest } = definition;
  return {
    ...rest,
    call: (given, io) => run(validateOptions(definition, given), io),
  };
}
