import { Buffer } from "node:buffer";
import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import yauzl from "yauzl";

interface Entry {
  fileName: string;
  uncompressedSize: number;
  crc32: number;
}

interface ZipFile {
  eachEntry(): AsyncIterable<Entry>;
  openReadStreamPromise(entry: Entry): Promise<Readable>;
}

/** Reads a zip with a library that is not the one that wrote it. */
export async function readZip(
  zip: Uint8Array,
): Promise<Map<string, Uint8Array>> {
  const file: ZipFile = await yauzl.fromBufferPromise(Buffer.from(zip), {
    lazyEntries: true,
  });
  const contents = new Map<string, Uint8Array>();
  for await (const entry of file.eachEntry()) {
    if (contents.has(entry.fileName)) {
      throw new Error(`"${entry.fileName}" is there twice`);
    }
    const bytes = await buffer(await file.openReadStreamPromise(entry));
    contents.set(entry.fileName, new Uint8Array(bytes));
  }
  return contents;
}
