import { messageOf, UsageError } from "../core/errors.ts";
import { type ResultSet, resultSetSchema } from "./result_set.ts";

/**
 * Reads a result set and checks its form. Whether its digest is right is
 * another question, which `digestResultSet` answers.
 *
 * @throws {UsageError} If the file is absent, no JSON, or not of this form; the
 * message names the first field that will not do.
 */
export async function readResultSet(path: string): Promise<ResultSet> {
  const fault = (what: string) =>
    new UsageError(`Cannot read result set "${path}": ${what}`);
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw fault(messageOf(error));
  }
  const parsed = resultSetSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0]!;
  throw fault(`"${field.join(".")}": ${message}`);
}
