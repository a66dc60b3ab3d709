import { messageOf } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";

/**
 * Parses the bytes of a JSON file.
 *
 * @param bytes UTF-8 text.
 * @param path The file, for messages.
 * @throws {UsageError} If the text is no JSON.
 */
export function parseJsonBytes(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw fileFault(
      path,
      "it",
      "JSON",
      `broken or cut off (${messageOf(error)})`,
    );
  }
}
