import {
  brotliDecompressSync,
  gunzipSync,
  zstdDecompressSync,
} from "node:zlib";

/** Unpacks a block of a Parquet file, whose length is known. */
type Unpack = (bytes: Uint8Array, length: number) => Uint8Array;

/**
 * The compressions of Parquet (parquet-format, Compression.md) that hyparquet does
 * not bring itself, which reads Snappy. No block may give more than its header
 * says, so that a small file cannot fill the memory.
 */
export const parquetCodecs: Readonly<Record<string, Unpack>> = {
  GZIP: (bytes, length) => gunzipSync(bytes, atMost(length)),
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, atMost(length)),
  ZSTD: (bytes, length) => zstdDecompressSync(bytes, atMost(length)),
};

function atMost(length: number): { maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, length) };
}
