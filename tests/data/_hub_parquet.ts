import {
  Binary,
  Field,
  Int64,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import {
  Compression,
  Table as WasmTable,
  writeParquet,
  WriterPropertiesBuilder,
} from "parquet-wasm/node";
import { encodePng } from "../../fixtures/encode_png.ts";

export { Compression };

/** Images of 12 x 14 of one grey each, as PNG. */
export function greyFiles(greys: readonly number[]): Uint8Array[] {
  return greys.map((grey) =>
    encodePng({
      width: 14,
      height: 12,
      pixels: new Uint8Array(504).fill(grey),
    })
  );
}

/** Writes rows as image hubs do: parquet-wasm, in Rust, compresses with Snappy. */
export async function writeHubParquet(
  path: string,
  files: readonly Uint8Array[],
  labels: readonly number[],
  compression: Compression = Compression.SNAPPY,
): Promise<void> {
  const image = new Struct([
    new Field("bytes", new Binary(), true),
    new Field("path", new Utf8(), true),
  ]);
  const table = new Table({
    image: vectorFromArray(
      files.map((bytes) => ({ bytes, path: null })),
      image,
    ),
    label: vectorFromArray(labels.map(BigInt), new Int64()),
  });
  const info = {
    info: { features: { label: { names: ["cat", "dog", "emu"] } } },
  };
  await Deno.writeFile(
    path,
    writeParquet(
      WasmTable.fromIPCStream(tableToIPC(table, "stream")),
      new WriterPropertiesBuilder()
        .setCompression(compression)
        .setKeyValueMetadata(new Map([["huggingface", JSON.stringify(info)]]))
        .build(),
    ),
  );
}
