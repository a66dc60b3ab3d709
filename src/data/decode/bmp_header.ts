import type { ImageHeader } from "../image_header.ts";

/** Length of the header of OS/2 1.x, whose sizes are 16-bit. */
const CORE_HEADER = 12;

/** Length of the first header that has a mask for alpha. */
const ALPHA_HEADER = 56;

/** The headers of Windows and OS/2, by their lengths. */
const headerLengths = [CORE_HEADER, 16, 40, 52, ALPHA_HEADER, 64, 108, 124];

/**
 * BMP: a negative height is of an image whose first line is the upper one. The
 * fourth byte of 32-bit pixels is alpha only where the header has a mask for it.
 */
export function bmpHeader(view: DataView): ImageHeader | null {
  const length = view.getUint32(14, true);
  if (!headerLengths.includes(length)) return null;
  const isCore = length === CORE_HEADER;
  return {
    format: "bmp",
    width: isCore ? view.getUint16(18, true) : view.getInt32(18, true),
    height: isCore
      ? view.getUint16(20, true)
      : Math.abs(view.getInt32(22, true)),
    ...(length < ALPHA_HEADER && { hasAlpha: false }),
  };
}
