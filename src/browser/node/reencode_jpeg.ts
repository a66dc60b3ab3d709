import { UsageError } from "../../core/errors.ts";

/**
 * What stands in a browser for `src/data/reencode_jpeg.ts`, whose encoder is a
 * native library.
 *
 * @throws {UsageError} Always.
 */
export function reencodeJpeg(): Promise<Uint8Array> {
  return Promise.reject(
    new UsageError(
      "Copies encoded as JPEG need a native library, which no browser loads: verify this cell with the command verify",
    ),
  );
}
