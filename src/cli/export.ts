import { readFile, rm } from "node:fs/promises";
import { realpath } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { parseAuthor } from "../export/author.ts";
import { findLicense } from "../export/license.ts";
import {
  cellTable,
  classTable,
  type ResultTable,
} from "../export/result_table.ts";
import { roCrate } from "../export/ro_crate.ts";
import { shortfallsOf } from "../export/shortfalls.ts";
import { tableCsv } from "../export/table_csv.ts";
import { tableParquet } from "../export/table_parquet.ts";
import type { ResultSet } from "../results/result_set.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import type { CallIo } from "./io.ts";
import { filePath, files } from "./path_option.ts";
import { readSets } from "./read_sets.ts";

const formatNames = ["ro-crate", "csv", "parquet"] as const;

const endings = {
  "ro-crate": "-ro-crate.zip",
  "csv": ".csv",
  "parquet": ".parquet",
} as const;

const options = z.strictObject({
  files: files({ usage: "export FILE.json --format FORMAT" }).max(1, {
    error: "Name one file only: export FILE.json --format FORMAT",
  }),
  format: z.enum(formatNames).describe("What to write"),
  out: filePath().optional().describe(
    "File to write (default: the result set's name, ending in -ro-crate.zip, .csv or .parquet)",
  ),
  license: z.string().min(1).optional().describe(
    "Licence of the results in a crate, as SPDX id (default CC-BY-4.0)",
  ).meta({ value: "ID" }),
  author: z.array(z.string()).min(1).optional().describe(
    'Authors of a crate, such as "Name <ORCID>"',
  ),
});

/** `export FILE --format F`: a result set for archives and for statistics. */
export const exportCommand = defineCommand({
  examples: [
    "results/quick.json --format csv",
    'results/quick.json --format ro-crate --author "Jane Doe"',
  ],
  usage: "FILE.json --format ro-crate|csv|parquet [options]",
  options,
  operands: "files",
  help:
    `ro-crate: a zip for archives such as Zenodo: the result set byte for byte, CSV,
analysis, JSON Schema, licence, checksums, and a description in JSON-LD. Equal
input gives equal bytes; its date is that of the sweep.

csv, parquet: two tables: one row per cell, and (-classes before the ending) one
row per cell, evaluation and class. Counts, rates in [0, 1], times in ms; columns
are described in the README.md of a crate. In CSV an absent value is an empty
field, and text that begins with = + - @ has an apostrophe in front.

A file whose digest does not fit is refused. Cells that failed are exported as
such, and named on standard error.`,
  async run({ files, format, out, license, author }, io) {
    const path = files[0]!;
    if (format !== "ro-crate" && (license ?? author) !== undefined) {
      throw new UsageError(
        `--${
          license === undefined ? "author" : "license"
        } applies only to the format ro-crate, got ${format}`,
      );
    }
    const meant = formatOfEnding(out);
    if (meant !== undefined && meant !== format) {
      throw new UsageError(
        `--out must end as files of the format ${format} do, got "${out}"`,
      );
    }
    const authors = (author ?? []).map(parseAuthor);
    const [{ set, bytes }] = await readSets([path], io);
    if (set.cells.length === 0) {
      throw new UsageError(
        `"${path}" must have at least one cell, got 0`,
      );
    }
    const target = out ??
      `${path.replace(/\.(json|zip)$/, "")}${endings[format]}`;
    const contents: Contents = format === "ro-crate"
      ? {
        [target]: roCrate(bytes, set, {
          license: await findLicense(license ?? "CC-BY-4.0"),
          authors,
          citation: await readFile(
            new URL("../../CITATION.cff", import.meta.url),
            "utf8",
          ),
        }),
      }
      : writeTables(set, format, target);
    for (const file of Object.keys(contents)) {
      await checkApart(file, { source: path, io });
    }
    const written = [];
    for (const [file, content] of Object.entries(contents)) {
      if (content === null) {
        // One of an earlier export would pass for this one's.
        await rm(io.path(file)).catch(() => {});
      } else {
        await writeFileAtomically(io.path(file), content);
        written.push(file);
      }
    }
    for (const line of shortfallsOf(set)) io.note(`note: ${line}`);
    io.print(`wrote ${written.join(" and ")}`);
    return 0;
  },
});

/** The format that a file of this name would pass for. */
function formatOfEnding(file = ""): keyof typeof endings | undefined {
  const types = { "ro-crate": ".zip", "csv": ".csv", "parquet": ".parquet" };
  return formatNames.find((name) => file.endsWith(types[name]));
}

/** What to write by file; `null`: nothing may be there. */
type Contents = Record<string, string | Uint8Array | null>;

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

/** An export must never replace what it is made from. */
async function checkApart(
  target: string,
  { source, io }: { source: string; io: Pick<CallIo, "path"> },
): Promise<void> {
  const there = await realpath(io.path(target)).catch(() => null);
  if (there !== null && there === await realpath(io.path(source))) {
    throw new UsageError(
      `--out must be another file than the result set, got "${target}"`,
    );
  }
}
