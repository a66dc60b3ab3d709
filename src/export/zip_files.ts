import { zipSync } from "fflate";

/** A file of an archive. */
export interface ArchiveFile {
  /** Relative, with slashes. */
  path: string;
  bytes: Uint8Array;
}

/**
 * Packs files into a zip, in the order given. Equal files give equal bytes in any
 * time zone: every entry is dated noon on 1 January 1980, the first day of the
 * format.
 */
export function zipFiles(files: readonly ArchiveFile[]): Uint8Array {
  // In local time, as fflate reads it back so.
  const mtime = new Date(1980, 0, 1, 12);
  return zipSync(
    Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])),
    { mtime, level: 9 },
  );
}
