import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { type Forms, migrateResultSet, type RawResultSet } from "./migrate.ts";
import {
  digestResultSet,
  type ResultSet,
  resultSetSchema,
  SCHEMA_VERSION,
} from "./result_set.ts";

/** Version 1 is the first, so there is nothing older to read yet. */
const forms: Forms = {
  current: SCHEMA_VERSION,
  migrations: {},
  digest: digestAsRead,
};

/**
 * The digest of a set with its defaults filled in, as a reader sees it. For an
 * invalid set it is all zeros: the reader then names the invalid field.
 */
function digestAsRead(set: RawResultSet): string {
  const none = "0".repeat(64);
  const parsed = resultSetSchema.safeParse({ ...set, digest: none });
  return parsed.success ? digestResultSet(parsed.data) : none;
}

/**
 * Reads a result set and checks its form; an older form is brought to the current
 * one. Its digest is not checked: compare it with `digestResultSet`.
 *
 * @throws {UsageError} If the file is absent, cut off, no JSON, no result set, of
 * an unknown version or not of its form; the message names the first invalid
 * field.
 */
export async function readResultSet(path: string): Promise<ResultSet> {
  return (await readResultFile(path)).set;
}

/**
 * Reads a result set together with the bytes of its file.
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
      `Cannot read the result set "${path}": ${messageOf(error)}`,
    );
  }
}

/**
 * Parses the text of a result set.
 *
 * @throws {UsageError} If it is empty, cut off or no JSON.
 */
export function parseResultJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(
      text.trim() === ""
        ? "it is empty"
        : isCutOff(text)
        ? `it is cut off after ${text.length} characters`
        : `it is not JSON: ${messageOf(error)}`,
    );
  }
}

/** Whether text that is not JSON ends within a string, list or object. */
function isCutOff(text: string): boolean {
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
 * Checks the form of a parsed result set, and brings an older form to the current
 * one.
 *
 * @throws {UsageError} If it is no result set, of an unknown version or not of its
 * form; the message names the first invalid field.
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
