import { gzipSync } from "fflate";

/** Seconds since 1970 of every entry: that of npm's own tarballs. */
const mtime = 499_162_500;

/** Bytes of a block of a tar archive. */
const BLOCK = 512;

/** A file of a package. */
export interface PackedFile {
  readonly bytes: Uint8Array;
  /** Whether a shell may start it. */
  readonly isProgram?: boolean;
}

/**
 * A tarball as npm installs it: the files below `package/`, in the order of
 * their endings and names, without owners and times, so that equal files give
 * equal bytes.
 *
 * @param files By path relative to the package.
 * @throws {RangeError} If a path does not fit into the header of its entry.
 */
export function packTarball(
  files: ReadonlyMap<string, PackedFile>,
): Uint8Array<ArrayBuffer> {
  // Those of one kind together, as compression looks back 32 KiB only.
  const keyOf = (path: string) => `${path.split(".").at(-1)} ${path}`;
  const parts = [...files].sort(([a], [b]) => keyOf(a) < keyOf(b) ? -1 : 1)
    .flatMap(([path, { bytes, isProgram }]) => [
      header(`package/${path}`, bytes.length, isProgram ? "755" : "644"),
      bytes,
      new Uint8Array(-bytes.length & (BLOCK - 1)),
    ]);
  parts.push(new Uint8Array(2 * BLOCK));
  const tar = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    tar.set(part, at);
    at += part.length;
  }
  return gzipSync(tar, { level: 9, mtime: mtime * 1000 });
}

/** POSIX.1-1988 ustar: fixed fields, numbers in octal digits. */
function header(path: string, size: number, mode: string): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const put = (at: number, text: string) =>
    bytes.set(new TextEncoder().encode(text), at);
  // A long path is split between two fields.
  const cut = path.length <= 100 ? -1 : path.indexOf("/", path.length - 101);
  if (path.length > 100 && (cut < 0 || cut > 155)) {
    throw new RangeError(`The path "${path}" is too long for a tar archive`);
  }
  put(0, path.slice(cut + 1));
  put(100, mode.padStart(7, "0"));
  put(108, "0000000");
  put(116, "0000000");
  put(124, size.toString(8).padStart(11, "0"));
  put(136, mtime.toString(8).padStart(11, "0"));
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\u000000");
  if (cut >= 0) put(345, path.slice(0, cut));
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return bytes;
}
