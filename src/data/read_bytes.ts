import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { sha256 } from "../core/digest.ts";
import { readWholeFile } from "../core/read_whole_file.ts";
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
  const bytes = await readFrom(path, options, () => readWholeFile(path));
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

/** The first bytes of a file. */
export interface FileHead {
  /** At most as many as were asked for. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/**
 * Reads the first bytes of a regular file, of which `limitBytes` limits the whole.
 *
 * @param length Most bytes to read.
 * @throws {UsageError} If the file is absent, unreadable, not a regular file or
 * larger than the limit.
 */
export async function readHead(
  path: string,
  length: number,
  options: Omit<ReadBytesOptions, "sha256">,
): Promise<FileHead> {
  return await readFrom(path, options, async ({ size }) => {
    if (size <= length) {
      return { bytes: await readWholeFile(path), isWhole: true };
    }
    const file = await open(path);
    try {
      const bytes = new Uint8Array(length);
      let at = 0;
      while (at < length) {
        const { bytesRead } = await file.read(bytes, at, length - at, at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
      return { bytes: bytes.subarray(0, at), isWhole: false };
    } finally {
      await file.close();
    }
  });
}

/** Reads of a file that is there, is regular and not too large. */
async function readFrom<T>(
  path: string,
  { limitBytes, hint, field }: ReadBytesOptions,
  read: (info: Stats) => Promise<T>,
): Promise<T> {
  const unreadable = (problem: string) =>
    hint === undefined
      ? fileFault(path, problem)
      : fileFault(path, `${problem}: ${hint}`, field);
  let info: Stats;
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
    return await read(info);
  } catch (error) {
    throw unreadable(refusalOf(error));
  }
}
