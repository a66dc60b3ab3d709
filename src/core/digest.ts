import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { messageOf } from "./errors.ts";

/**
 * SHA-256 of the concatenated parts, as 64 lower-case hexadecimal digits.
 *
 * @param parts Strings are taken as UTF-8; views give exactly their own bytes.
 */
export function sha256(...parts: (string | Uint8Array)[]): string {
  return sha256Of(parts);
}

/** As `sha256`, of parts that are not all in memory at once. */
export function sha256Of(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** The bytes of any typed array, without a copy. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/**
 * JSON in the canonical form of RFC 8785: sorted keys, shortest numbers, no
 * spaces. Equal values give equal text on every engine.
 *
 * @throws {TypeError} If the value holds something that JSON cannot.
 */
export function canonicalJson(value: unknown): string {
  const need = "Canonical JSON needs a value that JSON can hold";
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (error) {
    throw new TypeError(`${need}: ${messageOf(error)}`, { cause: error });
  }
  if (text === undefined) throw new TypeError(`${need}, got ${value}`);
  return text;
}

/** SHA-256 of the canonical JSON of a value: its identity. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
