import { fileFault } from "./_file_fault.ts";

/** An array of bytes as an IDX file holds it. */
export interface IdxBytes {
  /** Size of each dimension, rows first. */
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly values: Uint8Array;
}

/**
 * Parses an IDX file of unsigned bytes, the format of MNIST: two zero bytes,
 * the type (8), the number of dimensions, each dimension as a big-endian 32-bit
 * integer, then the values.
 *
 * @param bytes The file, unpacked.
 * @param options `path` for messages; `dimensions` expected.
 * @throws {UsageError} If the magic number or the size differs.
 */
export function parseIdx(
  bytes: Uint8Array,
  { path, dimensions }: { path: string; dimensions: number },
): IdxBytes {
  const head = 4 + 4 * dimensions;
  if (bytes.length < head) {
    throw fileFault(
      path,
      `must have at least ${head} bytes, got ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const want = 0x0800 + dimensions;
  if (magic !== want) {
    throw fileFault(
      path,
      `must have the magic number ${hex(want)}, got ${hex(magic)}`,
    );
  }
  const shape = Array.from(
    { length: dimensions },
    (_, i) => view.getUint32(4 + 4 * i),
  );
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length - head !== size) {
    throw fileFault(
      path,
      `must have ${shape.join(" x ")} = ${size} bytes of values, got ${
        bytes.length - head
      }`,
    );
  }
  return { shape, values: bytes.subarray(head) };
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, "0")}`;
}
