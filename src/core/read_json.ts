import { stat } from "node:fs/promises";
import { readWholeFile } from "./read_whole_file.ts";

/** Largest size in bytes of a text file: a hundred times the largest known. */
export const textLimitBytes = 2 ** 28;

/**
 * Bounds of JSON, so that no text of the size limit asks for more memory than
 * there is. A set of 50,000 cells with 280 values each stays below all of them.
 */
const most = {
  /** Values of any kind. */
  values: 20_000_000,
  /** Lists and objects, which take the most memory. */
  containers: 4_000_000,
  /** Entries of one list, or fields of one object: as many as cells of a study. */
  entries: 100_000,
} as const;

/** Deepest nesting of JSON: several times that of any file of dupbench. */
const DEEPEST = 64;

/**
 * Reads a whole file of text. Devices and pipes are refused, as their size does
 * not tell how much they would give.
 *
 * @throws {Error} If it is absent, unreadable, not a regular file, or larger than
 * `textLimitBytes`; the caller adds which file it is.
 */
export async function readTextBytes(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const info = await stat(path);
  if (!info.isFile()) {
    throw new Error(
      info.isDirectory() ? "it is a folder" : "it is a device or pipe",
    );
  }
  if (info.size > textLimitBytes) {
    throw new Error(
      `it must have at most ${textLimitBytes} bytes, got ${info.size}`,
    );
  }
  return await readWholeFile(path);
}

/**
 * Parses JSON from outside. Valid JSON that would fail later, in code that
 * recurses or in canonical JSON, is refused: deep nesting, too many values, and
 * strings that are not Unicode text (half of a surrogate pair). So are bytes that
 * are not UTF-8.
 *
 * @param source Text, or its bytes in UTF-8; of a large file rather its bytes, so
 * that no text is made of one that is refused.
 * @throws {RangeError} If it has more values than a file of dupbench may have, or
 * is nested deeper.
 * @throws {SyntaxError} If it is not such JSON.
 */
export function parseJson(source: string | Uint8Array): unknown {
  const isText = typeof source === "string";
  requireBounded(isText ? new TextEncoder().encode(source) : source);
  const root: unknown = JSON.parse(
    isText ? source : decodeUtf8(source),
  );
  requireTexts(root);
  return root;
}

/** What decides whether JSON can be read, of a file or of a part of one. */
export interface JsonSize {
  /** Bytes in UTF-8. */
  readonly bytes: number;
  /** Values of any kind. */
  readonly values: number;
  /** Lists and objects. */
  readonly containers: number;
}

/**
 * Requires that JSON which is about to be written can be read again.
 *
 * @returns Its size.
 * @throws {RangeError} If it has more bytes or values than a file of dupbench may
 * have, or is nested deeper.
 */
export function requireReadable(text: string): JsonSize {
  // No character has less than one byte.
  if (text.length > textLimitBytes) refuseBytes();
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > textLimitBytes) refuseBytes();
  return { bytes: bytes.length, ...requireBounded(bytes) };
}

/** How large a file is in relation to the largest that is read; above 1: it is not. */
export function shareOfReadable(
  { bytes, values, containers }: JsonSize,
): number {
  return Math.max(
    bytes / textLimitBytes,
    values / most.values,
    containers / most.containers,
  );
}

/**
 * JSON for a file, with a line feed at its end: indented for people, unless it
 * could then not be read again, as indentation is half of the bytes.
 *
 * @param options `isLarge`: it is never indented.
 * @throws {RangeError} If it could not be read again either way.
 */
export function formatJson(
  value: unknown,
  { isLarge = false }: { isLarge?: boolean } = {},
): string {
  const format = (indent: number) => {
    const text = stringify(value, indent);
    requireReadable(text);
    return text;
  };
  if (isLarge) return format(0);
  try {
    return format(2);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return format(0);
  }
}

function stringify(value: unknown, indent: number): string {
  try {
    return JSON.stringify(value, null, indent) + "\n";
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // It is longer than a string of the engine, and these exceed the limit.
    return refuseBytes();
  }
}

/** Other bytes would silently become other text, such as é of Latin-1. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SyntaxError("it is not text in UTF-8");
  }
}

/** Counts values before any is made. */
function requireBounded(bytes: Uint8Array): Omit<JsonSize, "bytes"> {
  let values = 1;
  let containers = 0;
  let depth = 0;
  /** Commas seen in each of the open lists and objects. */
  const commas = new Uint32Array(DEEPEST + 2);
  // A text that is valid but for its bounds is refused at the first of them; of
  // any other, JSON.parse says what is wrong.
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case 0x22: // " to its end; bytes of other characters are above 0x7f
        for (i++; i < bytes.length && bytes[i] !== 0x22; i++) {
          if (bytes[i] === 0x5c) i++; // a backslash
        }
        break;
      case 0x2c: // ,
        if (++values > most.values) refuseMore("values", most.values);
        if (++commas[depth]! >= most.entries) {
          refuseMore("entries in one list or object", most.entries);
        }
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++values > most.values) refuseMore("values", most.values);
        if (++containers > most.containers) {
          refuseMore("lists and objects", most.containers);
        }
        if (++depth > DEEPEST) {
          throw new RangeError(
            `it is nested more than ${DEEPEST} levels deep`,
          );
        }
        commas[depth] = 0;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (depth > 0) depth--;
        break;
    }
  }
  return { values, containers };
}

function refuseBytes(): never {
  throw new RangeError(
    `it has more than ${textLimitBytes.toLocaleString("en")} bytes`,
  );
}

function refuseMore(what: string, limit: number): never {
  throw new RangeError(
    `it has more than ${limit.toLocaleString("en")} ${what}`,
  );
}

/** Requires that all strings and names are Unicode text; bounded in depth. */
function requireTexts(value: unknown): void {
  if (typeof value === "string") requireText(value);
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const entry of value) requireTexts(entry);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    requireText(name);
    requireTexts(inner);
  }
}

function requireText(text: string): void {
  if (text.isWellFormed()) return;
  throw new SyntaxError("it has a string that is not Unicode text");
}
