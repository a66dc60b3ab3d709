import { gunzipSync } from "node:zlib";
import { messageOf } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";

/**
 * Unpacks a gzip file into at most the given number of bytes, so that a small
 * file cannot use up all memory.
 *
 * @param bytes The whole file.
 * @param options `path` for messages; `limitBytes`: largest size of
 * the result.
 * @throws {UsageError} If the file is not gzip, cut off, damaged or too large.
 */
export function gunzip(
  bytes: Uint8Array,
  { path, limitBytes }: { path: string; limitBytes: number },
): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw fileFault(path, "must be a gzip file, got another format");
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw fileFault(
        path,
        `must unpack to at most ${limitBytes} bytes, got more`,
      );
    }
    throw fileFault(
      path,
      `is a gzip file that is damaged or cut off (${messageOf(error)})`,
    );
  }
}
