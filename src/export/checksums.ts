import { sha256 } from "../core/digest.ts";
import type { ArchiveFile } from "./zip_files.ts";

/** Path of the checksums in an archive. */
export const MANIFEST = "manifest-sha256.txt";

/** SHA-256 of each file, in the format of `sha256sum -c`. */
export function checksums(files: readonly ArchiveFile[]): string {
  return files.map(({ path, bytes }) => `${sha256(bytes)}  ${path}\n`).join("");
}

/** Length of that text for these paths, in bytes; independent of the digests. */
export function checksumsSize(paths: readonly string[]): number {
  const line = ({ length }: Uint8Array) => 64 + 2 + length + 1;
  return paths.reduce((t, p) => t + line(new TextEncoder().encode(p)), 0);
}
