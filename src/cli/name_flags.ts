import { BackendError, messageOf, UsageError } from "../core/errors.ts";
import { describeFlags, flagOf } from "./flag.ts";

/** The fields whose flag has another name: those of a cell or of the library. */
const aliases: Readonly<Record<string, string>> = {
  ratio: "ratios",
  exportDir: "exportWeights",
};

/**
 * The message of an error of the library in terms of the command line: flags in
 * place of the fields that the error lists and quotes in its message.
 *
 * @param fields The fields that the command has flags for; those of a study are
 * flags of `sweep`.
 */
export async function nameFlags(
  error: UsageError | BackendError,
  fields: readonly string[],
): Promise<string> {
  const text = messageOf(error);
  if (error.fields.length === 0) return text;
  const { studySchema } = await import("../spec/study.ts");
  const known = [
    ...fields,
    ...describeFlags(studySchema).map(({ field }) => field),
  ];
  return error.fields.reduce((message, field) => {
    const flag = known.includes(field) ? field : aliases[field];
    return flag === undefined
      ? message
      : message.replaceAll(`"${field}"`, `--${flagOf(flag)}`);
  }, text);
}
