import { parquetWriteBuffer } from "hyparquet-writer";
import type { Column, Value } from "./column.ts";
import type { ResultTable } from "./result_table.ts";

/**
 * Writes a table as Parquet, compressed with Snappy. Integers are int64, rates
 * and times double, text UTF-8; absent values are null. Equal input gives equal
 * bytes.
 *
 * @param metadata Texts by key, stored in the footer.
 * @throws {RangeError} If there is no row: hyparquet-writer 0.17 then writes an
 * empty list of row groups in a form that Arrow refuses to read.
 */
export function tableParquet(
  { columns, rows }: ResultTable,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  if (rows.length === 0) {
    throw new RangeError(
      "A Parquet table must have at least one row, got 0",
    );
  }
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, type }, j) => ({
      name,
      type,
      nullable: true,
      data: rows.map((row) => toParquet(row[j]!, type)),
    })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({
      key,
      value,
    })),
  });
  return new Uint8Array(buffer);
}

function toParquet(value: Value, type: Column["type"]) {
  return type === "INT64" && value !== null ? BigInt(value) : value;
}
