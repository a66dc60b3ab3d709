import { readFile } from "node:fs/promises";

/**
 * The bytes of a file, as a plain array on every engine: `readFile` gives a
 * `Buffer`, which compares, slices and prints otherwise.
 *
 * @throws The system's error, with its `code`.
 */
export async function readWholeFile(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
