import { analyse } from "../analysis/analyse.ts";
import { formatAnalysis } from "../analysis/format_analysis.ts";
import schema from "../results/result_set.schema.json" with { type: "json" };
import type { ResultSet } from "../results/result_set.ts";
import { checksums, checksumsSize, MANIFEST } from "./checksums.ts";
import { type CrateFile, type CrateOptions, METADATA } from "./crate_file.ts";
import { crateMetadata } from "./crate_metadata.ts";
import { crateReadme } from "./crate_readme.ts";
import { cellTable, classTable } from "./result_table.ts";
import { tableCsv } from "./table_csv.ts";
import { type ArchiveFile, zipFiles } from "./zip_files.ts";

import { repeatableStudy } from "../spec/renewed_fields.ts";

/**
 * Packs a result set as an RO-Crate 1.1 (Research Object Crate; Sefton et al.
 * 2020): a zip with the result set byte for byte, tables, analysis, schema,
 * licence, checksums and a description of everything in JSON-LD. Equal input gives
 * equal bytes: the date is that of the sweep, not of the export.
 *
 * @param bytes The result file as it is on disk.
 * @param set The result set in these bytes, its digest checked.
 */
export function roCrate(
  bytes: Uint8Array,
  set: ResultSet,
  options: CrateOptions,
): Uint8Array {
  const files = describeFiles(bytes, set, options);
  const manifested = [METADATA, ...files.map(({ path }) => path)];
  const metadata = file(
    METADATA,
    crateMetadata(set, files, {
      ...options,
      manifestSize: checksumsSize(manifested),
    }),
  );
  const all = [metadata, ...files];
  return zipFiles([...all, file(MANIFEST, checksums(all))]);
}

function describeFiles(
  bytes: Uint8Array,
  set: ResultSet,
  options: CrateOptions,
): CrateFile[] {
  const base = `data/${set.study.name}`;
  const cells = cellTable(set);
  const classes = classTable(set);
  const files: CrateFile[] = [
    {
      path: `${base}.json`,
      bytes,
      name: "Result set",
      description:
        "Every cell with config, counts, outcome and timing, as written by the sweep",
      encodingFormat: "application/json",
    },
    {
      ...file(`${base}.study.json`, json(repeatableStudy(set.study))),
      name: "Study",
      description:
        "Everything that decides the outcome, defaults filled in; repeats the sweep",
      encodingFormat: "application/json",
    },
    {
      ...file(`${base}.csv`, tableCsv(cells)),
      name: "Table of cells",
      description: "One row per cell: config, counts, rates and times",
      encodingFormat: "text/csv",
      columns: cells.columns,
    },
    {
      ...file(`${base}-classes.csv`, tableCsv(classes)),
      name: "Table of classes",
      description: "One row per cell, evaluation and class",
      encodingFormat: "text/csv",
      columns: classes.columns,
    },
    ...analysisFiles(base, set),
    {
      ...file("result_set.schema.json", json(schema)),
      name: "JSON Schema",
      description: "Schema of the result set",
      encodingFormat: "application/schema+json",
    },
    {
      ...file("dupbench-CITATION.cff", options.citation),
      name: "Citation of dupbench",
      description: "How to cite the software, in the Citation File Format",
      encodingFormat: "application/yaml",
    },
    {
      ...file("LICENSE.txt", options.license.text),
      name: "Licence",
      description: `Text of ${options.license.id}`,
      encodingFormat: "text/plain",
    },
  ];
  const readme = file("README.md", crateReadme(set, files, options));
  return [{
    ...readme,
    name: "Read me",
    description: "Contents of the crate, how to verify and how to repeat it",
    encodingFormat: "text/markdown",
  }, ...files];
}

/** Empty where no cell finished, as there is nothing to analyse. */
function analysisFiles(base: string, set: ResultSet): CrateFile[] {
  if (set.cells.every(({ status }) => status === "failed")) return [];
  const analysis = analyse([set]);
  return [
    {
      ...file(`${base}-analysis.json`, json(analysis)),
      name: "Analysis, as data",
      description: "Tests over seeds, and verdicts on the paper's claims",
      encodingFormat: "application/json",
    },
    {
      ...file(`${base}-analysis.md`, formatAnalysis(analysis)),
      name: "Analysis, as a page",
      description: "The same as text",
      encodingFormat: "text/markdown",
    },
  ];
}

function file(path: string, text: string): ArchiveFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
