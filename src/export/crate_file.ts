import type { Author } from "./author.ts";
import type { Column } from "./column.ts";
import type { License } from "./license.ts";

import type { ArchiveFile } from "./zip_files.ts";

/** Path of the description of a crate in it. */
export const METADATA = "ro-crate-metadata.json";

/** What a crate has besides its result set. */
export interface CrateOptions {
  /** Licence of the results. */
  license: License;
  /** Authors; empty: the crate names none. */
  authors: readonly Author[];
  /** Text of dupbench's `CITATION.cff`. */
  citation: string;
}

/** A file of a crate, with its metadata. */
export interface CrateFile extends ArchiveFile {
  /** Title. */
  name: string;
  description: string;
  /** Media type. */
  encodingFormat: string;
  /** Columns of a table. */
  columns?: readonly Column[];
}
