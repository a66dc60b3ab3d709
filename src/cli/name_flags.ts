import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import { flagOf } from "./flag.ts";

/**
 * The message of an error of the library in terms of the command line: where it
 * names a field that the command has a flag for, the flag. Fields are those that
 * the error lists, quoted in its message.
 *
 * @param fields The fields that the command's flags stand for.
 */
export function nameFlags(
  error: UsageError | BackendError,
  fields: readonly string[],
): string {
  return error.fields.filter((field) => fields.includes(field)).reduce(
    (message, field) => message.replaceAll(`"${field}"`, `--${flagOf(field)}`),
    messageOf(error),
  );
}
