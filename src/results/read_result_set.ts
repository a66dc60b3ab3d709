import { messageOf, quotation, UsageError } from "../core/errors.ts";
import { parseJson, readTextBytes } from "../core/read_json.ts";
import { type Forms, migrateResultSet, type RawResultSet } from "./migrate.ts";
import type { z } from "zod";
import { describeNewerVersion } from "./newer_writer.ts";
import {
  cellSchema,
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
    return { set: toResultSet(parseResultJson(bytes)), bytes };
  } catch (error) {
    throw new UsageError(
      `Cannot read the result set "${path}": ${messageOf(error)}`,
    );
  }
}

/**
 * Parses the text of a result set.
 *
 * @param source The text, or its bytes.
 * @throws {UsageError} If it is empty, cut off or no JSON, or has more values than
 * a result set may have.
 */
export function parseResultJson(source: string | Uint8Array): unknown {
  try {
    return parseJson(source);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    const text = typeof source === "string"
      ? source
      : new TextDecoder().decode(source);
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
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++; // a backslash
      else if (code === 0x22) inString = false; // "
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) depth++; // { [
    else if (code === 0x7d || code === 0x5d) depth--; // } ]
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
  try {
    return checkForm(value);
  } catch (error) {
    const newer = describeNewerVersion(value);
    if (newer === undefined || !(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message}; ${newer}`);
  }
}

function checkForm(value: unknown): ResultSet {
  let set: unknown;
  try {
    set = migrateResultSet(value, forms);
  } catch (error) {
    if (error instanceof UsageError) {
      throw new UsageError(quotation(error.message));
    }
    throw error;
  }
  // One cell at a time: a schema lists every fault of a value, and a file may
  // have millions.
  const { cells } = Object(set) as { cells?: unknown };
  const parsed = resultSetSchema.safeParse(
    Array.isArray(cells) ? { ...Object(set), cells: [] } : set,
  );
  if (!parsed.success) refuse(parsed.error);
  return {
    ...parsed.data,
    cells: (cells as unknown[]).map((cell, i) => {
      const parsed = cellSchema.safeParse(cell);
      if (!parsed.success) refuse(parsed.error, ["cells", i]);
      return parsed.data;
    }),
  };
}

/** Names the first fault. */
function refuse(
  { issues }: z.ZodError,
  at: readonly PropertyKey[] = [],
): never {
  const { path, message } = issues[0]!;
  const field = [...at, ...path].join(".");
  throw new UsageError(quotation(`"${field}": ${message}`));
}
