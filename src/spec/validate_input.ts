import type { z } from "zod";
import { quotation, UsageError } from "../core/errors.ts";

/**
 * Checks the content of a file, or what a caller passes, against a schema and
 * fills in defaults.
 *
 * @param what Names it in messages, such as `study "mine.json"`.
 * @throws {UsageError} Naming the first field that is missing, unknown or whose
 * value is not allowed, and the value.
 */
export function validateInput<S extends z.ZodType>(
  schema: S,
  content: unknown,
  what: string,
): z.output<S> {
  const result = schema.safeParse(content, { reportInput: true });
  if (result.success) return result.data;
  const issue = innermostIssue(result.error.issues[0]!);
  if (issue.code === "unrecognized_keys") {
    const names = quotation(
      issue.keys.map((key) => [...issue.path, key].join(".")).join('", "'),
    );
    throw new UsageError(`${what} has an unknown field: "${names}"`);
  }
  const field = quotation(issue.path.join("."));
  throw new UsageError(
    field === ""
      ? describeIssue(issue, what)
      : `${what}: ${describeIssue(issue, `"${field}"`)}`,
  );
}

/**
 * The innermost issue of an issue of a union or of a key. If a value has the form of
 * one alternative of a union, it is what is wrong inside the value; if the field that
 * tells the alternatives apart has the value of none, it is that field. For a key, it
 * is what is wrong with the key.
 */
export function innermostIssue(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code === "invalid_key") {
    return { ...issue.issues[0]!, path: issue.path };
  }
  if (issue.code !== "invalid_union") return issue;
  const { discriminator } = issue;
  if (discriminator !== undefined && "options" in issue) {
    return {
      code: "invalid_value",
      values: [...issue.options ?? []],
      path: issue.path,
      message: issue.message,
      input: Object(issue.input)[discriminator],
    };
  }
  const inner = issue.errors.map(([first]) => first)
    .find((first) => first !== undefined && first.path.length > 0);
  return inner === undefined
    ? issue
    : innermostIssue({ ...inner, path: [...issue.path, ...inner.path] });
}

/**
 * One line: which value is wrong, what would be right, and what was given.
 *
 * @param name The value, as the message calls it.
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  name: string,
): string {
  const want = quotation(wantOf(issue));
  if (issue.input === undefined) {
    return issue.code === "custom"
      ? `${name} ${want}`
      : `${name} is required: it ${want}`;
  }
  if (!want.startsWith("must ")) {
    return `${name}${want.startsWith("has ") ? "" : ":"} ${want}`;
  }
  // JSON has no infinity, and would call it null.
  const got = typeof issue.input === "number"
    ? String(issue.input)
    : JSON.stringify(issue.input);
  return `${name} ${want}, got ${quotation(got)}`;
}

/** What a value must be, in the words of all our messages. */
function wantOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${nouns[issue.expected] ?? `of type ${issue.expected}`}`;
    case "invalid_value": {
      const names = issue.values.map(String);
      return `must be ${names.length === 1 ? "" : "one of "}${
        names.join(", ")
      }`;
    }
    case "invalid_union":
      return `must be ${
        [
          ...new Set(
            issue.errors.map(([first]) =>
              wantOf(first!).replace(/^must be /, "")
            ),
          ),
        ].join(" or ")
      }`;
    case "too_small":
      if (issue.origin === "string") return "must not be empty";
      if (issue.origin === "array") {
        return `must have ${issue.minimum} or more entries`;
      }
      return `must be ${
        issue.inclusive ? "at least" : "above"
      } ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") {
        return `must have at most ${issue.maximum} characters`;
      }
      if (issue.origin === "array") {
        return `must have at most ${issue.maximum} entries`;
      }
      return `must be ${
        issue.inclusive ? "at most" : "below"
      } ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** What zod's types are called. */
const nouns: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};
