import { sha256 } from "../core/digest.ts";
import { fileFault, reasonOf } from "./_file_fault.ts";

/** What a file has to be before its bytes are used. */
export interface ReadBytesOptions {
  /** Largest size in bytes; a larger file is refused before it is read. */
  readonly limitBytes: number;
  /** SHA-256 that the content must have, as 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** What to do about an absent file, put at the end of the message. */
  readonly hint?: string | undefined;
}

/**
 * Reads a whole regular file. Devices and pipes, whose size says nothing of
 * how much they would give, are refused like any other thing that is no file.
 *
 * @throws {UsageError} If the file is absent, unreadable, no regular file,
 * larger than the limit, or has another SHA-256.
 */
export async function readBytes(
  path: string,
  options: ReadBytesOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { limitBytes, hint } = options;
  let info: Deno.FileInfo;
  let bytes: Uint8Array<ArrayBuffer>;
  const unreadable = (reason: string) =>
    fileFault(
      path,
      "it",
      "a readable file",
      hint === undefined ? reason : `${reason} (${hint})`,
    );
  try {
    info = await Deno.stat(path);
  } catch (error) {
    throw unreadable(reasonOf(error));
  }
  if (!info.isFile) {
    throw unreadable(info.isDirectory ? "a directory" : "no regular file");
  }
  if (info.size > limitBytes) {
    throw fileFault(path, "size", `at most ${limitBytes} bytes`, info.size);
  }
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw unreadable(reasonOf(error));
  }
  if (options.sha256 !== undefined) {
    const found = sha256(bytes);
    if (found !== options.sha256) {
      throw fileFault(path, "SHA-256", options.sha256, found);
    }
  }
  return bytes;
}
