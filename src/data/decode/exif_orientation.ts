import { readTiffTags } from "./tiff_tags.ts";

/**
 * The orientation of an EXIF block or a TIFF (tag 274; TIFF 6.0, page 36).
 *
 * @param block From its byte order mark on, or from the `Exif\0\0` of JPEG, which
 * some writers put into other formats.
 * @returns In `[1, 8]`; 1 is upright, and what a block says that is absent or
 * damaged.
 */
export function exifOrientation(block: DataView): number {
  try {
    const { buffer, byteOffset, byteLength } = block;
    const view = block.getUint32(0) === 0x45786966
      ? new DataView(buffer, byteOffset + 6, byteLength - 6)
      : block;
    const [value = 1] = readTiffTags(view)?.valuesOf(274) ?? [];
    return value >= 1 && value <= 8 ? value : 1;
  } catch (error) {
    // Cut off: other readers show the image as it is stored.
    if (error instanceof RangeError) return 1;
    throw error;
  }
}
