import { parquetCodecs } from "./parquet_codecs.ts";

/** A row of a Parquet file. */
export interface ParquetRow {
  /** The bytes of an image file. */
  readonly content: Uint8Array;
  /** Its label as text. */
  readonly label: string;
}

/** What is read of a Parquet file. */
export interface ParquetRows {
  readonly rows: readonly ParquetRow[];
  /** Names of all labels, where the metadata of the data set has them. */
  readonly names?: readonly string[] | undefined;
}

/** Names of the columns that are read, the usual first. */
const imageColumns = ["image", "img"];
const labelColumns = ["label", "labels", "fine_label"];

/**
 * Reads a Parquet file as image hubs keep them: a column of images, whose `bytes`
 * are those of an image file, or which is these bytes, and a column of labels.
 *
 * @param most Most rows that are read.
 * @throws {Error} If it is no such file, has more rows, or is compressed in another way than none,
 * Snappy, gzip, Brotli or Zstandard.
 */
export async function readParquetRows(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<ParquetRows> {
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import(
    "hyparquet"
  );
  const { buffer, byteOffset, byteLength } = bytes;
  const file = byteLength === buffer.byteLength
    ? buffer
    : buffer.slice(byteOffset, byteOffset + byteLength);
  const metadata = parquetMetadata(file);
  if (metadata.num_rows > BigInt(most)) {
    throw new RangeError(
      `it must have at most ${most} rows, got ${metadata.num_rows}`,
    );
  }
  const present = parquetSchema(metadata).children
    .map(({ element }) => element.name);
  const image = columnOf(imageColumns, present);
  const label = columnOf(labelColumns, present);
  const rows: Record<string, unknown>[] = await parquetReadObjects({
    file,
    metadata,
    columns: [image, label],
    utf8: false,
    compressors: parquetCodecs,
  });
  const hub = metadata.key_value_metadata?.find(({ key }) =>
    key === "huggingface"
  )?.value;
  const names = hub === undefined || hub === null
    ? undefined
    : classNamesOf(JSON.parse(hub), label);
  return {
    names,
    rows: rows.map((row, i) => ({
      content: contentOf(row[image], i),
      label: labelOf(row[label], { row: i, names }),
    })),
  };
}

function columnOf(
  names: readonly string[],
  present: readonly string[],
): string {
  const found = names.find((name) => present.includes(name));
  if (found !== undefined) return found;
  throw new SyntaxError(
    `it must have a column "${names[0]}", got ${present.join(", ")}`,
  );
}

function labelOf(
  value: unknown,
  { row, names }: { row: number; names: readonly string[] | undefined },
): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  const number = Number(value);
  if (value === null || !Number.isInteger(number) || number < 0) {
    throw new SyntaxError(`row ${row} must have a label`);
  }
  return names?.[number] ?? String(number);
}

function contentOf(image: unknown, row: number): Uint8Array {
  const bytes = image instanceof Uint8Array
    ? image
    : (image as { bytes?: unknown } | null)?.bytes;
  if (bytes instanceof Uint8Array) return bytes;
  throw new SyntaxError(`row ${row} must have the bytes of an image file`);
}

/** The names of the labels, where the metadata of the data set has them. */
function classNamesOf(
  hub: unknown,
  column: string,
): readonly string[] | undefined {
  const names = (hub as {
    info?: { features?: Record<string, { names?: unknown } | undefined> };
  } | null)?.info?.features?.[column]?.names;
  return Array.isArray(names) && names.every((name) => typeof name === "string")
    ? names
    : undefined;
}
