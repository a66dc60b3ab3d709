import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { sha256 } from "../core/digest.ts";
import { fileFault, refusalOf } from "./_file_fault.ts";

/** What a file must be before its bytes are used. */
export interface ReadBytesOptions {
  /** Largest size in bytes; a larger file is refused before it is read. */
  readonly limitBytes: number;
  /** SHA-256 of the content, as 64 hexadecimal digits. */
  readonly sha256?: string | undefined;
  /** What to do about an absent file, at the end of the message. */
  readonly hint?: string | undefined;
  /** Field that the hint names. */
  readonly field?: string | undefined;
}

/**
 * Reads a whole regular file. Devices and pipes are refused, as their size does
 * not tell how much they would give.
 *
 * @throws {UsageError} If the file is absent, unreadable, not a regular file,
 * larger than the limit, or has another SHA-256.
 */
export async function readBytes(
  path: string,
  options: ReadBytesOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { limitBytes, hint, field } = options;
  let info: Stats;
  let bytes: Uint8Array<ArrayBuffer>;
  const unreadable = (problem: string) =>
    hint === undefined
      ? fileFault(path, problem)
      : fileFault(path, `${problem}: ${hint}`, field);
  try {
    info = await stat(path);
  } catch (error) {
    throw unreadable(refusalOf(error));
  }
  if (!info.isFile()) {
    throw unreadable(
      `must be a file, got a ${
        info.isDirectory() ? "folder" : "device or pipe"
      }`,
    );
  }
  if (info.size > limitBytes) {
    throw fileFault(
      path,
      `must have at most ${limitBytes} bytes, got ${info.size}`,
    );
  }
  try {
    bytes = await readFile(path) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw unreadable(refusalOf(error));
  }
  if (options.sha256 !== undefined) {
    const found = sha256(bytes);
    if (found !== options.sha256) {
      throw fileFault(
        path,
        `must have the SHA-256 ${options.sha256}, got ${found}`,
      );
    }
  }
  return bytes;
}
