import { readBytes, type ReadBytesOptions, readHead } from "../read_bytes.ts";
import { hasWholeHeader } from "./choose_size.ts";
import { folderLimits } from "./folder_limits.ts";
import type { ListedImage } from "./folder_listing.ts";

/** Reads the files of listed images, which may not hold pixels. */
export interface ImageBytes {
  /**
   * The header of an image: as many of its first bytes as it takes.
   *
   * @throws {UsageError} If its file cannot be read.
   */
  header(image: ListedImage): Promise<Uint8Array>;
  /**
   * The whole file, once for each image.
   *
   * @throws {UsageError} If it cannot be read.
   */
  whole(image: ListedImage): Promise<Uint8Array>;
}

/** First bytes that are read: EXIF with a picture has up to 64 KiB of them. */
const HEAD_BYTES = 2 ** 17;

/** Most bytes of files that are kept from the look at their headers. */
const KEPT_BYTES = 2 ** 28;

/**
 * Opens the files of images. What had to be read for a header is kept until the
 * file is asked for, within 256 MiB, so that few files are read twice.
 */
export function openImageBytes(): ImageBytes {
  const limits: ReadBytesOptions = { limitBytes: folderLimits.fileBytes };
  const kept = new Map<ListedImage, Uint8Array>();
  let keptBytes = 0;
  const keep = (image: ListedImage, bytes: Uint8Array) => {
    if (keptBytes + bytes.length > KEPT_BYTES) return;
    kept.set(image, bytes);
    keptBytes += bytes.length;
  };
  return {
    async header(image) {
      if (image.content instanceof Uint8Array) return image.content;
      const head = await readHead(image.path, HEAD_BYTES, limits);
      if (!head.isWhole && hasWholeHeader(head.bytes)) return head.bytes;
      const bytes = head.isWhole
        ? head.bytes
        : await readBytes(image.path, limits);
      keep(image, bytes);
      return bytes;
    },
    async whole(image) {
      if (image.content instanceof Uint8Array) return image.content;
      const bytes = kept.get(image);
      if (bytes === undefined) return await readBytes(image.path, limits);
      kept.delete(image);
      keptBytes -= bytes.length;
      return bytes;
    },
  };
}
