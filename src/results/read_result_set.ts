import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { type Forms, migrateResultSet } from "./migrate.ts";
import {
  digestResultSet,
  type ResultSet,
  resultSetSchema,
  SCHEMA_VERSION,
} from "./result_set.ts";

/** Version 1 is the first, so nothing older has to be read yet. */
const forms: Forms = {
  current: SCHEMA_VERSION,
  migrations: {},
  digest: (set) => digestResultSet(set as unknown as ResultSet),
};

/**
 * Reads a result set and checks its form; an older form is brought to the
 * current one. Whether its digest is right is another question, which
 * `digestResultSet` answers.
 *
 * @throws {UsageError} If the file is absent, cut short, no JSON, no result set,
 * of an unknown version or not of its form; the message names the first field
 * that will not do.
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
  try {
    bytes = await readTextBytes(path);
  } catch (error) {
    throw fault(messageOf(error));
  }
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const isCut = !text.trimEnd().endsWith("}");
    throw fault(
      isCut
        ? `it is cut short: it must end in "}" (${text.length} characters)`
        : `it must be JSON: ${messageOf(error)}`,
    );
  }
  let set: unknown;
  try {
    set = migrateResultSet(value, forms);
  } catch (error) {
    if (error instanceof UsageError) throw fault(quotation(error.message));
    throw error;
  }
  const parsed = resultSetSchema.safeParse(set);
  if (parsed.success) return { set: parsed.data, bytes };
  const { path: field, message } = parsed.error.issues[0]!;
  throw fault(quotation(`"${field.join(".")}": ${message}`));
}
