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
  return (await readResultFile(path)).set;
}

/**
 * The same, with the very bytes that were read.
 *
 * @throws {UsageError} As `readResultSet` does.
 */
export async function readResultFile(
  path: string,
): Promise<{ set: ResultSet; bytes: Uint8Array }> {
  const fault = (what: string) =>
    new UsageError(`Cannot read result set "${path}": ${what}`);
  let bytes: Uint8Array;
  let value: unknown;
  try {
    bytes = await Deno.readFile(path);
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw fault(messageOf(error));
  }
  const parsed = resultSetSchema.safeParse(value);
  if (parsed.success) return { set: parsed.data, bytes };
  const { path: field, message } = parsed.error.issues[0]!;
  throw fault(`"${field.join(".")}": ${message}`);
}
