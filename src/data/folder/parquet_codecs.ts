import * as zlib from "node:zlib";

/** Unpacks a block of a Parquet file, whose length is known. */
type Unpack = (bytes: Uint8Array, length: number) => Uint8Array;

/**
 * The compressions of Parquet (parquet-format, Compression.md) that hyparquet does
 * not bring itself, which reads Snappy. No block may give more than its header
 * says, so that a small file cannot fill the memory.
 */
export const parquetCodecs: Readonly<Record<string, Unpack>> = {
  GZIP: (bytes, length) => zlib.gunzipSync(bytes, atMost(length)),
  BROTLI: (bytes, length) => zlib.brotliDecompressSync(bytes, atMost(length)),
  ZSTD(bytes, length) {
    // Node has it from 22.15 on.
    if (zlib.zstdDecompressSync === undefined) {
      throw new Error("compressed with Zstandard, which this runtime lacks");
    }
    return zlib.zstdDecompressSync(bytes, atMost(length));
  },
};

function atMost(length: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, length) };
}
