import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { type Forms, migrateResultSet, type RawResultSet } from "./migrate.ts";
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
  digest: digestAsRead,
};

/**
 * The digest of what a reader makes of a set, its defaults filled in. Of what
 * will not do it is none at all: the reader, next, names the field.
 */
function digestAsRead(set: RawResultSet): string {
  const none = "0".repeat(64);
  const parsed = resultSetSchema.safeParse({ ...set, digest: none });
  return parsed.success ? digestResultSet(parsed.data) : none;
}

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
  try {
    const bytes = await readTextBytes(path);
    const text = new TextDecoder().decode(bytes);
    return { set: toResultSet(parseResultJson(text)), bytes };
  } catch (error) {
    throw new UsageError(
      `Cannot read result set "${path}": ${messageOf(error)}`,
    );
  }
}

/**
 * Parses the text of a result set.
 *
 * @throws {UsageError} If it is empty, cut short or no JSON.
 */
export function parseResultJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(
      text.trim() === ""
        ? "it is empty"
        : isCutShort(text)
        ? `it is cut short: what it opens is not closed (${text.length} characters)`
        : `it must be JSON: ${messageOf(error)}`,
    );
  }
}

/** Whether text that is no JSON ends within a string, list or object. */
function isCutShort(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (inString) {
      if (character === "\\") i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
  }
  return inString || depth > 0;
}

/**
 * Checks the form of a parsed result set, and brings an older one to the current.
 *
 * @throws {UsageError} If it is no result set, of an unknown version or not of
 * its form; the message names the first field that will not do.
 */
export function toResultSet(value: unknown): ResultSet {
  let set: unknown;
  try {
    set = migrateResultSet(value, forms);
  } catch (error) {
    if (error instanceof UsageError) {
      throw new UsageError(quotation(error.message));
    }
    throw error;
  }
  const parsed = resultSetSchema.safeParse(set);
  if (parsed.success) return parsed.data;
  const { path: field, message } = parsed.error.issues[0]!;
  throw new UsageError(quotation(`"${field.join(".")}": ${message}`));
}
