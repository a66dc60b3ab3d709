import type { z } from "zod";
import { messageOf, quotation } from "../core/errors.ts";
import { parseJson } from "../core/read_json.ts";
import { fileFault } from "./_file_fault.ts";

/**
 * Parses the bytes of a JSON file into what its schema says.
 *
 * @param bytes UTF-8 text.
 * @param options `path` for messages; `schema` that the value has to fit.
 * @throws {UsageError} If the text is no JSON or does not fit; the message names
 * the first field that is wrong.
 */
export function parseJsonBytes<T>(
  bytes: Uint8Array,
  { path, schema }: { path: string; schema: z.ZodType<T> },
): T {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = `broken or cut off (${messageOf(error)})`;
    throw fileFault(path, "it", "JSON", reason);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fileFault(
    path,
    quotation(issue?.path.join(".") ?? "") || "it",
    "valid",
    `not (${quotation(issue?.message ?? "")})`,
  );
}
