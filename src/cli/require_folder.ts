import { messageOf, UsageError } from "../core/errors.ts";
import { requireFolders } from "../core/make_folder.ts";

/**
 * Requires that the folder of an option is one or can be made, before the work of
 * which the files are written there.
 *
 * @param path Absolute path.
 * @param field The option.
 * @throws {UsageError} If it, or something above it, is not a folder.
 */
export async function requireFolder(
  path: string,
  field: string,
): Promise<void> {
  try {
    await requireFolders(path);
  } catch (error) {
    throw new UsageError(
      `Cannot make the folder of "${field}": ${messageOf(error)}`,
      { field },
    );
  }
}
