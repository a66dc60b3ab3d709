import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { UsageError } from "../core/errors.ts";
import type { Author } from "../export/author.ts";
import { describeInCroissant } from "../export/croissant.ts";
import { findLicense } from "../export/license.ts";
import {
  cellTable,
  classTable,
  type ResultTable,
} from "../export/result_table.ts";
import { roCrate } from "../export/ro_crate.ts";
import { tableCsv } from "../export/table_csv.ts";
import { tableParquet } from "../export/table_parquet.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { ReadSet } from "./read_sets.ts";

/** The formats of `export`. */
export const formatNames = ["ro-crate", "croissant", "csv", "parquet"] as const;

/** Name of a format. */
export type Format = (typeof formatNames)[number];

/** How the names of files end, by format. */
export const endings = {
  "ro-crate": "-ro-crate.zip",
  "croissant": "-croissant.json",
  "csv": ".csv",
  "parquet": ".parquet",
} as const;

/** What to write by file; `null`: nothing may be there. */
export type Contents = Record<string, string | Uint8Array | null>;

/**
 * Makes the files of an export.
 *
 * @param options `target`: the file, with a name before the ending of its format.
 * @throws {UsageError} If the licence is unknown, or a Croissant document has the
 * name of the result set next to it.
 */
export async function makeContents(
  { set, bytes }: ReadSet,
  { format, target, authors, license: id, url }: {
    format: Format;
    target: string;
    authors: readonly Author[];
    license: string;
    url: string | undefined;
  },
): Promise<Contents> {
  if (format === "csv" || format === "parquet") {
    return writeTables(set, format, target);
  }
  const license = await findLicense(id);
  if (format === "ro-crate") {
    const citation = await readFile(
      new URL("../../CITATION.cff", import.meta.url),
      "utf8",
    );
    return { [target]: roCrate(bytes, set, { license, authors, citation }) };
  }
  if (!target.endsWith(endings.croissant)) {
    throw new UsageError(
      `--out must end in -croissant.json, as the result set lies next to it, got "${target}"`,
    );
  }
  const base = target.slice(0, -endings.croissant.length);
  const stem = basename(base);
  const { document, files } = describeInCroissant(bytes, set, {
    ...{ stem, license, authors, url: url! },
  });
  const folder = base.slice(0, base.length - stem.length);
  return {
    ...Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [folder + name, bytes]),
    ),
    [target]: document,
  };
}

/** The tables of a result set by file: one of cells, and one of classes. */
function writeTables(
  set: ResultSet,
  format: "csv" | "parquet",
  target: string,
): Contents {
  const ending = endings[format];
  const base = target.endsWith(ending)
    ? target.slice(0, -ending.length)
    : target;
  const metadata = {
    "dupbench.schema": set.schema,
    "dupbench.study": set.study.name,
    "dupbench.digest": set.digest,
  };
  const write = (table: ResultTable) =>
    format === "csv"
      ? tableCsv(table)
      : table.rows.length === 0
      ? null
      : tableParquet(table, metadata);
  return {
    [target]: write(cellTable(set)),
    [`${base}-classes${ending}`]: write(classTable(set)),
  };
}
