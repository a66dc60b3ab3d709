import { zipSync } from "fflate";

/** A file of an archive. */
export interface ArchiveFile {
  /** Relative, with slashes. */
  path: string;
  bytes: Uint8Array;
}

/**
 * Packs files into a zip, in the order given. Equal files give equal bytes, in
 * any time zone: every entry is of noon on 1 January 1980, where zip's years
 * begin.
 */
export function zipFiles(files: readonly ArchiveFile[]): Uint8Array {
  // By the local clock, as that is how fflate reads it back.
  const mtime = new Date(1980, 0, 1, 12);
  return zipSync(
    Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])),
    { mtime, level: 9 },
  );
}
