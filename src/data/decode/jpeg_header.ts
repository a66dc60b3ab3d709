import { exifOrientation } from "./exif_orientation.ts";
import type { ImageHeader } from "../image_header.ts";

/** `Exif\0\0`, with which the EXIF block of a JPEG begins. */
const EXIF = [0x45786966, 0] as const;

/** JPEG (ITU T.81), annex B: walks the segments up to the frame header. */
export function jpegHeader(view: DataView): ImageHeader | null {
  let at = 2;
  let orientation = 1;
  while (true) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) { // a fill byte
      at++;
      continue;
    }
    // SOF0 to SOF15, less DHT (c4), JPG (c8) and DAC (cc).
    if (
      marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    ) {
      return {
        format: "jpeg",
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
        orientation,
      };
    }
    if (marker === 0xda || marker === 0xd9) return null;
    const length = view.getUint16(at + 2);
    if (marker === 0xe1 && orientation === 1 && isExif(view, at + 4, length)) {
      orientation = exifOrientation(
        new DataView(view.buffer, view.byteOffset + at + 10, length - 8),
      );
    }
    at += 2 + length;
  }
}

function isExif(view: DataView, at: number, length: number): boolean {
  return length >= 8 && at + length - 2 <= view.byteLength &&
    view.getUint32(at) === EXIF[0] && view.getUint16(at + 4) === EXIF[1];
}

/**
 * The number of scans of a JPEG, each of which a decoder works through: the
 * markers SOS (ITU T.81, annex B). Within coded data every byte 0xff is followed
 * by 0, so that no marker is seen where there is none.
 */
export function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (
    let at = bytes.indexOf(0xff);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    if (bytes[at + 1] === 0xda) scans++;
  }
  return scans;
}
