import { sha256 } from "../core/digest.ts";
import { activitiesOf } from "../results/activities_of.ts";
import { nameEngine } from "../results/engine_of.ts";
import { repeatCommand } from "../results/repeat_command.ts";
import type { ResultSet } from "../results/result_set.ts";
import type { Author } from "./author.ts";
import type { Column, ColumnType } from "./column.ts";
import { CROISSANT, croissantContext } from "./croissant_context.ts";
import { describeSet, licenseUrl } from "./describe_set.ts";
import type { License } from "./license.ts";
import { cellTable, classTable } from "./result_table.ts";
import { tableCsv } from "./table_csv.ts";

/** What a Croissant document has besides its result set. */
export interface CroissantOptions {
  /** Name of the files without their endings; no folder. */
  stem: string;
  /** Address of the page on which the result set is published. */
  url: string;
  /** Licence of the results. */
  license: License;
  /** At least one: Croissant requires a creator. */
  authors: readonly Author[];
}

/** The document and the files that it describes, for one folder. */
export interface CroissantFiles {
  /** JSON-LD. */
  readonly document: string;
  /** Content by name: the result set, the table of cells, that of classes. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const dataTypes: Readonly<Record<ColumnType, string>> = {
  BOOLEAN: "sc:Boolean",
  INT64: "sc:Integer",
  DOUBLE: "sc:Float",
  STRING: "sc:Text",
};

/**
 * Describes a result set in Croissant 1.1 (MLCommons 2025): its files with their
 * digests, and the records of its tables field by field. The files lie next to
 * the document, so that their addresses hold wherever the folder is. Equal input
 * gives equal bytes: the date is that of the sweep, not of the export.
 *
 * @param bytes The result file as it is on disk.
 * @param set The result set in these bytes, its digest checked.
 */
export function describeInCroissant(
  bytes: Uint8Array,
  set: ResultSet,
  { stem, url, license, authors }: CroissantOptions,
): CroissantFiles {
  const cells = cellTable(set);
  const classes = classTable(set);
  const encode = (text: string) => new TextEncoder().encode(text);
  const files = {
    [`${stem}.json`]: bytes,
    [`${stem}.csv`]: encode(tableCsv(cells)),
    [`${stem}-classes.csv`]: encode(tableCsv(classes)),
  };
  const descriptions = [
    "Every cell with config, counts, outcome and timing, as written by the sweep",
    "One row per cell: config, counts, rates and times",
    "One row per cell, evaluation and class",
  ];
  const { keywords, ...described } = describeSet(set);
  const document = {
    "@context": croissantContext,
    "@type": "sc:Dataset",
    conformsTo: CROISSANT,
    ...described,
    url,
    license: licenseUrl(license),
    creator: authors.map(({ name, orcid }) => ({
      "@type": "sc:Person",
      ...(orcid !== undefined && { "@id": orcid, url: orcid }),
      name,
    })),
    keywords,
    // Another content is another result set, with a digest of its own.
    version: "1.0.0",
    identifier: set.digest,
    citeAs: citationOf(described, { url, authors }),
    ...describeOrigin(set),
    distribution: Object.entries(files).map(([name, bytes], i) => ({
      "@type": "cr:FileObject",
      "@id": encodeURIComponent(name),
      name,
      description: descriptions[i],
      contentUrl: encodeURIComponent(name),
      contentSize: `${bytes.length} B`,
      encodingFormat: name.endsWith(".csv") ? "text/csv" : "application/json",
      sha256: sha256(bytes),
    })),
    recordSet: [
      describeRecords("cells", {
        description: descriptions[1]!,
        file: `${stem}.csv`,
        columns: cells.columns,
        key: ["cell"],
      }),
      describeRecords("classes", {
        description: descriptions[2]!,
        file: `${stem}-classes.csv`,
        columns: classes.columns,
        key: ["cell", "evaluation", "class"],
        references: { cell: "cells/cell" },
      }),
    ],
  };
  return { document: JSON.stringify(document, null, 2) + "\n", files };
}

/** A table, and what identifies its rows. */
interface Records {
  readonly description: string;
  readonly file: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  /** Fields of other tables, by the column that takes its values from them. */
  readonly references?: Readonly<Record<string, string>>;
}

function describeRecords(
  name: string,
  { description, file, columns, key, references = {} }: Records,
) {
  const keys = key.map((column) => ({ "@id": `${name}/${column}` }));
  return {
    "@type": "cr:RecordSet",
    "@id": name,
    name,
    description,
    key: keys.length === 1 ? keys[0] : keys,
    field: columns.map((column) => ({
      "@type": "cr:Field",
      "@id": `${name}/${column.name}`,
      name: column.name,
      description: column.description,
      dataType: dataTypes[column.type],
      source: {
        fileObject: { "@id": encodeURIComponent(file) },
        extract: { column: column.name },
      },
      ...(references[column.name] !== undefined && {
        references: { "@id": references[column.name] },
      }),
    })),
  };
}

/**
 * In BibTeX: braces and backslashes are left out, what LaTeX takes for markup is
 * escaped, and an author whose name has an "and" is one. In an address nothing is
 * escaped for LaTeX, and braces and backslashes are percent-encoded.
 */
function citationOf(
  { name, datePublished }: { name: string; datePublished: string },
  { url, authors }: Pick<CroissantOptions, "url" | "authors">,
): string {
  const clean = (text: string) => text.replace(/[{}\\]/g, "");
  const escape = (text: string) =>
    clean(text).replace(/[&%$#_]/g, "\\$&").replaceAll(
      "~",
      "\\textasciitilde{}",
    ).replaceAll("^", "\\textasciicircum{}");
  // Without one of its characters it would be another address.
  const address = url.replace(/[{}\\]/g, encodeURIComponent);
  const names = authors.map(({ name }) => {
    const text = escape(name);
    return /\sand\s/i.test(text) ? `{${text}}` : text;
  }).join(" and ");
  return `@misc{dupbench, author = {${names}}, title = {${
    escape(name)
  }}, year = {${datePublished.slice(0, 4)}}, url = {${address}}}`;
}

/** What made the result set and from which images, in PROV-O. */
function describeOrigin(set: ResultSet) {
  const { dataset } = set;
  const activities = activitiesOf(set).map(({ name, provenance }) => ({
    "@type": "prov:Activity",
    name: repeatCommand(provenance) ?? `${name}, by dupbench`,
    description: `dupbench ${provenance.dupbench} on ${
      nameEngine(provenance)
    }, ${provenance.cpu}`,
    "prov:endedAtTime": provenance.finishedAt,
  }));
  return {
    "prov:wasGeneratedBy": activities.length === 1 ? activities[0] : activities,
    "prov:wasDerivedFrom": {
      "@type": "prov:Entity",
      name: dataset.name,
      description: "SHA-256 is over decoded pixels and labels",
      sha256: dataset.sha256,
    },
  };
}
