import { realpath, rm } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../core/errors.ts";
import { parseAuthors } from "../export/author.ts";
import { shortfallsOf } from "../export/shortfalls.ts";
import { writeFileAtomically } from "../results/write_file.ts";
import { defineCommand } from "./command.ts";
import {
  endings,
  type Format,
  formatNames,
  makeContents,
} from "./export_contents.ts";
import type { CallIo } from "./io.ts";
import { filePath, files } from "./path_option.ts";
import { readSets } from "./read_sets.ts";
import { requireEnding } from "./require_ending.ts";
import { requireOwnExport } from "./require_own_export.ts";

const options = z.strictObject({
  files: files({ usage: "export FILE.json --format FORMAT" }).max(1, {
    error: "Name one file only: export FILE.json --format FORMAT",
  }),
  format: z.enum(formatNames).describe("What to write"),
  out: filePath().optional().describe(
    "File to write (default: the result set's name, ending in -ro-crate.zip, -croissant.json, .csv or .parquet)",
  ),
  license: z.string().min(1).optional().describe(
    "Licence of the results in a crate or Croissant, as SPDX id (default CC-BY-4.0)",
  ).meta({ value: "ID" }),
  author: z.array(z.string()).min(1).optional().describe(
    'Author of a crate or Croissant, such as "Jane Doe", "Doe, Jane" or "Jane Doe <ORCID>"; given again for each further author',
  ).meta({ value: "NAME", isRepeated: true }),
  url: z.url({
    protocol: /^https?$/,
    error: "must be an http or https address",
  })
    .optional().describe(
      "Address of the page on which the result set is published; Croissant requires it",
    ).meta({ value: "URL" }),
});

/** `export FILE --format F`: a result set for archives and for statistics. */
export const exportCommand = defineCommand({
  examples: [
    "results/quick.json --format csv",
    'results/quick.json --format ro-crate --author "Jane Doe" --author "Roe, Max"',
    'results/quick.json --format croissant --author "Jane Doe" --url https://example.org/quick',
  ],
  usage: "FILE.json --format ro-crate|croissant|csv|parquet [options]",
  options,
  operands: "files",
  help:
    `ro-crate: a zip file for archives such as Zenodo: the unchanged result set, CSV,
analysis, JSON Schema, licence, checksums, and a description in JSON-LD. Equal
input gives equal bytes; the date is that of the sweep.

croissant: a description of the result set and of the two tables in Croissant 1.1
(JSON-LD), for catalogues of data sets and loaders, next to the tables. It needs
--url and --author.

csv, parquet: two tables: one row per cell, and (-classes before the ending) one
row per cell, evaluation and class. Counts, rates in [0, 1], times in ms; columns
are described in the README.md of a crate. In CSV an absent value is an empty
field, and text that begins with = + - @ has an apostrophe in front.

A file whose digest does not match its content is refused. Failed cells are
exported as such, and named on standard error. Files that are not of an earlier
export are not replaced.`,
  async run({ files, format, out, license, author, url }, io) {
    const path = files[0]!;
    refuseUseless({ format, license, author, url });
    if ((formatOfEnding(out) ?? format) !== format) {
      throw new UsageError(
        `--out must end as files of the format ${format} do, got "${out}"`,
      );
    }
    const authors = parseAuthors(author ?? []);
    const [read] = await readSets([path], io);
    if (read.set.cells.length === 0) {
      throw new UsageError(`"${path}" must have at least one cell, got 0`);
    }
    const target = out ??
      `${path.replace(/\.(json|zip)$/, "")}${endings[format]}`;
    const ending = plainEnding(format);
    if (target.endsWith(ending)) requireEnding(target, { endings: [ending] });
    const contents = await makeContents(read, {
      ...{ format, target, authors, license: license ?? "CC-BY-4.0", url },
    });
    for (const file of Object.keys(contents)) {
      if (await isSame(file, { source: path, io })) {
        // The description names it, so it lies where it belongs.
        if (format === "croissant" && file !== target) delete contents[file];
        else {
          throw new UsageError(
            `--out must be another file than the result set, got "${file}"`,
          );
        }
      }
    }
    for (const file of Object.keys(contents)) {
      await requireOwnExport(io.path(file), { format, set: read.set });
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
    for (const line of shortfallsOf(read.set)) io.note(`note: ${line}`);
    io.print(`wrote ${written.join(" and ")}`);
    return 0;
  },
});

/** Options that a format cannot use, or lacks, are the user's mistake. */
function refuseUseless(
  { format, license, author, url }: {
    format: Format;
    license: string | undefined;
    author: readonly string[] | undefined;
    url: string | undefined;
  },
): void {
  const isDescribed = format === "ro-crate" || format === "croissant";
  if (!isDescribed && (license ?? author) !== undefined) {
    throw new UsageError(
      `--${
        license === undefined ? "author" : "license"
      } applies only to the formats ro-crate and croissant, got ${format}`,
    );
  }
  if (format !== "croissant") {
    if (url === undefined) return;
    throw new UsageError(
      `--url applies only to the format croissant, got ${format}`,
    );
  }
  for (const [name, value] of Object.entries({ url, author })) {
    if (value !== undefined) continue;
    throw new UsageError(`The format croissant needs --${name}`);
  }
}

/** The format that a file of this name would pass for. */
function formatOfEnding(file = ""): Format | undefined {
  return formatNames.find((name) => file.endsWith(plainEnding(name)));
}

/** How files of a format end at least. */
function plainEnding(format: Format): string {
  return format === "ro-crate" ? ".zip" : endings[format];
}

/** An export must never replace what it is made from. */
async function isSame(
  target: string,
  { source, io }: { source: string; io: Pick<CallIo, "path"> },
): Promise<boolean> {
  const there = await realpath(io.path(target)).catch(() => null);
  return there !== null && there === await realpath(io.path(source));
}
