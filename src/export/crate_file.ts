import type { Author } from "./author.ts";
import type { License } from "./license.ts";
import type { Column } from "./result_table.ts";
import type { ArchiveFile } from "./zip_files.ts";

/** Where the description of a crate stands in it. */
export const METADATA = "ro-crate-metadata.json";

/** What a crate says besides its result set. */
export interface CrateOptions {
  /** Licence of the results. */
  license: License;
  /** Who is to be named; none: the crate names nobody. */
  authors: readonly Author[];
  /** Text of dupbench's `CITATION.cff`. */
  citation: string;
}

/** A file of a crate, with what its metadata say of it. */
export interface CrateFile extends ArchiveFile {
  /** Name for people. */
  name: string;
  description: string;
  /** Media type. */
  encodingFormat: string;
  /** What a table's columns mean. */
  columns?: readonly Column[];
}
