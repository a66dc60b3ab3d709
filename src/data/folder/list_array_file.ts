import { messageOf } from "../../core/errors.ts";
import { fileFault } from "../_file_fault.ts";
import { readBytes } from "../read_bytes.ts";
import type { FolderListing } from "./folder_listing.ts";
import type { ListOptions } from "./list_folder.ts";
import { listNpz } from "./list_npz.ts";
import { listParquet } from "./list_parquet.ts";

/** Largest array file in bytes. */
const LARGEST = 2 ** 30;

/** Whether a path names a file that holds many images: by its ending. */
export function isArrayFile(path: string): boolean {
  return /\.(npz|parquet)$/i.test(path);
}

/**
 * Lists the images of a NumPy archive or a Parquet file.
 *
 * @throws {UsageError} If the file cannot be read, holds something else, or
 * exceeds the limits.
 */
export async function listArrayFile(
  path: string,
  { limits }: ListOptions,
): Promise<FolderListing> {
  const bytes = await readBytes(path, { limitBytes: LARGEST });
  const list = /\.npz$/i.test(path) ? listNpz : listParquet;
  let listing: FolderListing;
  try {
    listing = await list(bytes, path);
  } catch (error) {
    throw fileFault(path, `cannot be read: ${messageOf(error)}`);
  }
  const { images, classNames } = listing;
  if (images.length === 0 || images.length > limits.images) {
    throw fileFault(
      path,
      `must have 1 to ${limits.images} images, got ${images.length}`,
    );
  }
  if (classNames.length > limits.classes) {
    throw fileFault(
      path,
      `must have at most ${limits.classes} classes, got ${classNames.length}`,
    );
  }
  return listing;
}
