import { unlink } from "node:fs/promises";
import { fileFault, refusalOf } from "../_file_fault.ts";
import { listCache } from "./list_cache.ts";

/**
 * Removes all decoded images that are kept in a folder, and nothing else.
 *
 * @returns Number of files and bytes that were removed.
 * @throws {UsageError} If a file may not be removed.
 */
export async function clearCache(
  folder: string,
): Promise<{ files: number; bytes: number }> {
  const files = await listCache(folder);
  for (const { path } of files) {
    try {
      await unlink(path);
    } catch (error) {
      throw fileFault(path, refusalOf(error));
    }
  }
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
