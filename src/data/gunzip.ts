import { gunzipSync } from "node:zlib";
import { messageOf } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";

/**
 * Unpacks a gzip file into at most the given number of bytes, so that a small
 * file cannot ask for all memory.
 *
 * @param bytes The whole file.
 * @param options `path` for messages; `limitBytes`: most bytes unpacked.
 * @throws {UsageError} If the file is no gzip, cut off, damaged or too large.
 */
export function gunzip(
  bytes: Uint8Array,
  { path, limitBytes }: { path: string; limitBytes: number },
): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw fileFault(path, "it", "a gzip file", "of another format");
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw fileFault(
        path,
        "unpacked size",
        `at most ${limitBytes} bytes`,
        "larger",
      );
    }
    throw fileFault(
      path,
      "it",
      "a whole gzip file",
      `broken or cut off (${messageOf(error)})`,
    );
  }
}
