import { sha256 } from "../core/digest.ts";
import type { ArchiveFile } from "./zip_files.ts";

/** Where the checksums stand in an archive. */
export const MANIFEST = "manifest-sha256.txt";

/** SHA-256 of each file, in the form that `sha256sum -c` takes. */
export function checksums(files: readonly ArchiveFile[]): string {
  return files.map(({ path, bytes }) => `${sha256(bytes)}  ${path}\n`).join("");
}

/** Length of that text for these paths, in bytes, known before the digests. */
export function checksumsSize(paths: readonly string[]): number {
  const line = ({ length }: Uint8Array) => 64 + 2 + length + 1;
  return paths.reduce((t, p) => t + line(new TextEncoder().encode(p)), 0);
}
