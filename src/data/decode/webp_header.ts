import { exifOrientation } from "./exif_orientation.ts";
import type { ImageHeader } from "../image_header.ts";

/** Names of chunks as numbers. */
const chunk = {
  WEBP: 0x57454250,
  extended: 0x56503858, // VP8X
  lossless: 0x5650384c, // VP8L
  lossy: 0x56503820, // VP8
  EXIF: 0x45584946,
};

/** WebP (RFC 9649), section 2: the first chunk tells the size. */
export function webpHeader(view: DataView): ImageHeader | null {
  if (view.getUint32(8) !== chunk.WEBP) return null;
  const size = sizeOf(view);
  if (size === null) return null;
  return { format: "webp", ...size, orientation: orientationOf(view) };
}

function sizeOf(view: DataView): { width: number; height: number } | null {
  const kind = view.getUint32(12);
  const at = 20;
  if (kind === chunk.extended) {
    const triple = (from: number) =>
      view.getUint16(from, true) + 65536 * view.getUint8(from + 2);
    return { width: triple(at + 4) + 1, height: triple(at + 7) + 1 };
  }
  if (kind === chunk.lossless && view.getUint8(at) === 0x2f) {
    const bits = view.getUint32(at + 1, true);
    return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
  }
  // RFC 6386, section 9.1: a key frame's start code, then 14-bit sizes.
  if (kind === chunk.lossy && view.getUint16(at + 3) === 0x9d01) {
    return {
      width: view.getUint16(at + 6, true) & 0x3fff,
      height: view.getUint16(at + 8, true) & 0x3fff,
    };
  }
  return null;
}

function orientationOf(view: DataView): number {
  for (let at = 12; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + length > view.byteLength) return 1;
    if (view.getUint32(at) === chunk.EXIF) {
      return exifOrientation(
        new DataView(view.buffer, view.byteOffset + start, length),
      );
    }
    at = start + length + length % 2;
  }
  return 1;
}
