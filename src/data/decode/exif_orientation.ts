import { readTiffTags } from "./tiff_tags.ts";

/**
 * The orientation of an EXIF block or a TIFF (tag 274; TIFF 6.0, page 36).
 *
 * @param view The block, from its byte order mark on.
 * @returns In `[1, 8]`; 1 is upright, and what a block says that is absent or
 * damaged.
 */
export function exifOrientation(view: DataView): number {
  try {
    const [value = 1] = readTiffTags(view)?.valuesOf(274) ?? [];
    return value >= 1 && value <= 8 ? value : 1;
  } catch (error) {
    // Cut off: other readers show the image as it is stored.
    if (error instanceof RangeError) return 1;
    throw error;
  }
}
