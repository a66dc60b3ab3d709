import { readImageHeader } from "../image_header.ts";
import { readBytes, readHead } from "../read_bytes.ts";
import { folderLimits } from "./folder_limits.ts";
import type { FolderEntry } from "./walk_folder.ts";

/** First bytes that tell of most files whether they are images. */
const HEAD_BYTES = 2 ** 12;

/**
 * Those of some files that are images, by their content: next to folders of images
 * there may be files of any kind. What cannot be read is none.
 */
export async function onlyImages(
  files: readonly FolderEntry[],
): Promise<FolderEntry[]> {
  const images: FolderEntry[] = [];
  for (const file of files) if (await isImage(file)) images.push(file);
  return images;
}

async function isImage({ path }: FolderEntry): Promise<boolean> {
  const limits = { limitBytes: folderLimits.fileBytes };
  try {
    const { bytes, isWhole } = await readHead(path, HEAD_BYTES, limits);
    if (readImageHeader(bytes) !== null) return true;
    // The size may come after much else, as in JPEG and TIFF.
    return !isWhole &&
      readImageHeader(await readBytes(path, limits)) !== null;
  } catch {
    return false;
  }
}
