import { messageOf, UsageError } from "../../core/errors.ts";
import { fileFault } from "../_file_fault.ts";
import { readBytes } from "../read_bytes.ts";
import type { FolderListing } from "./folder_listing.ts";
import type { ListOptions } from "./list_folder.ts";
import type { ArrayOptions } from "./list_arrays.ts";
import { listNpy } from "./list_npy.ts";
import { listNpz } from "./list_npz.ts";
import { listParquet } from "./list_parquet.ts";

/** Largest archive in bytes. */
const LARGEST = 2 ** 30;

const listers = {
  npz: async (options: ArrayOptions) =>
    await listNpz(
      await readBytes(options.path, { limitBytes: LARGEST }),
      options,
    ),
  npy: listNpy,
  parquet: listParquet,
} as const;

/**
 * Lists the images of a NumPy archive, NumPy files or Parquet files.
 *
 * @throws {UsageError} If a file cannot be read, holds something else, or exceeds
 * the limits.
 */
export async function listArrayFile(
  path: string,
  { limits, layout, whole }: ListOptions & { layout: keyof typeof listers },
): Promise<FolderListing> {
  let listing: FolderListing;
  try {
    listing = await listers[layout]({
      path,
      mostImages: limits.images,
      whole,
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw fileFault(path, `cannot be read: ${messageOf(error)}`);
  }
  const { images, classNames } = listing;
  if (images.length === 0) {
    throw fileFault(path, "must have an image, got none");
  }
  if (classNames.length > limits.classes) {
    throw fileFault(
      path,
      `must have at most ${limits.classes} classes, got ${classNames.length}`,
    );
  }
  return listing;
}
