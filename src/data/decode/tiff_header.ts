import { exifOrientation } from "./exif_orientation.ts";
import type { ImageHeader } from "../image_header.ts";
import { readTiffTags } from "./tiff_tags.ts";

/** TIFF 6.0, section 2: ImageWidth (256), ImageLength (257) of the first IFD. */
export function tiffHeader(view: DataView): ImageHeader | null {
  const directory = readTiffTags(view);
  const [width] = directory?.valuesOf(256) ?? [];
  const [height] = directory?.valuesOf(257) ?? [];
  if (width === undefined || height === undefined) return null;
  return {
    format: "tiff",
    width,
    height,
    orientation: exifOrientation(view),
  };
}
