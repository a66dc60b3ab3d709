import type { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { describeIssue, innermostIssue } from "../spec/validate_input.ts";
import { flagOf, nameFlagsIn } from "./flag.ts";
import type { GivenFlags } from "./read_flags.ts";

/**
 * Checks the flags of a command against its options and fills in defaults.
 *
 * @throws {UsageError} Naming the first flag that is missing or whose value is
 * not allowed, and the value.
 */
export function validateOptions<S extends z.ZodObject>(
  { options, operands }: {
    readonly options: S;
    readonly operands?: string | undefined;
  },
  given: GivenFlags,
): z.output<S> {
  const result = options.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  const found = innermostIssue(result.error.issues[0]!);
  const issue = { ...found, message: nameFlagsIn(found.message, options) };
  const field = String(issue.path[0] ?? "");
  throw new UsageError(
    field === operands
      ? issue.message.replace(/^must /, "The argument must ")
      : describeIssue(issue, `--${flagOf(field)}`),
  );
}
