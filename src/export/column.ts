/** What a column may hold, as Parquet names it. */
export type ColumnType = "BOOLEAN" | "INT64" | "DOUBLE" | "STRING";

/** A value of a table; `null` where there is none. */
export type Value = boolean | number | string | null;

/** A column of a table. */
export interface Column {
  /** Lower-case letters, digits and underscores; unique in its table. */
  readonly name: string;
  /** Integers are exact, within ±2^53. */
  readonly type: ColumnType;
  /** What it means, with its unit. */
  readonly description: string;
}

/** A column, and how it is read from what a row is about. */
export interface Field<Source> extends Column {
  /** The value; `undefined` is `null` in tables. */
  read(source: Source): Value | undefined;
}

/** `randomStart` and `pgd-10` as names that R and pandas accept unquoted. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/[^a-z0-9_]/g, "_");
}

/** A list in one field; absent where there is no list. */
export function joinList(
  values: readonly unknown[] | undefined,
): string | undefined {
  return values?.join(";");
}

/** A count over a total, in `[0, 1]`; `null` where there is nothing to count. */
export function rateOf(count: number | null, total: number): number | null {
  return count === null || total === 0 ? null : count / total;
}
