import type { z } from "zod";
import { messageOf, quotation } from "../core/errors.ts";
import { parseJson } from "../core/read_json.ts";
import { fileFault } from "./_file_fault.ts";

/**
 * Parses the bytes of a JSON file by its schema.
 *
 * @param bytes UTF-8 text.
 * @param options `path` for messages; `schema` of the value.
 * @throws {UsageError} If the text is not JSON or does not fit; the message names
 * the first field that is wrong.
 */
export function parseJsonBytes<T>(
  bytes: Uint8Array,
  { path, schema }: { path: string; schema: z.ZodType<T> },
): T {
  let value: unknown;
  try {
    value = parseJson(bytes);
  } catch (error) {
    throw fileFault(
      path,
      `is not JSON, or damaged or cut off (${messageOf(error)})`,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = quotation(issue?.path.join(".") ?? "");
  throw fileFault(
    path,
    `${field === "" ? "is invalid" : `has an invalid "${field}"`}: ${
      quotation(issue?.message ?? "")
    }`,
  );
}
