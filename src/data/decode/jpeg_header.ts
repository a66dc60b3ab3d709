import { exifOrientation } from "./exif_orientation.ts";
import type { ImageHeader } from "../image_header.ts";

/** `Exif\0\0`, with which the EXIF block of a JPEG begins. */
const EXIF = [0x45786966, 0] as const;

/** `JFIF\0`, with which the first segment of most files begins. */
const JFIF = [0x4a464946, 0] as const;

/** `Adobe`, with which a segment begins that says what the colours are. */
const ADOBE = [0x41646f62, 0x65] as const;

/** JPEG (ITU T.81), annex B: walks the segments up to the frame header. */
export function jpegHeader(view: DataView): ImageHeader | null {
  let at = 2;
  let orientation = 1;
  let isJfif = false;
  let transform: number | undefined;
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
        ...(view.getUint8(at + 9) === 3 && {
          isMisread: isRgb(view, at + 10, { isJfif, transform }) !==
            (transform === 0),
        }),
      };
    }
    if (marker === 0xda || marker === 0xd9) return null;
    const length = view.getUint16(at + 2);
    if (marker === 0xe1 && orientation === 1 && isExif(view, at + 4, length)) {
      orientation = exifOrientation(
        new DataView(view.buffer, view.byteOffset + at + 10, length - 8),
      );
    }
    if (marker === 0xe0 && beginsWith(view, at + 4, length, JFIF)) {
      isJfif = true;
    }
    if (marker === 0xee && beginsWith(view, at + 4, length, ADOBE)) {
      transform = length >= 14 ? view.getUint8(at + 15) : transform;
    }
    at += 2 + length;
  }
}

/** Whether a segment, whose length includes its own two bytes, begins so. */
function beginsWith(
  view: DataView,
  at: number,
  length: number,
  [four, fifth]: readonly [four: number, fifth: number],
): boolean {
  return length >= 7 && view.getUint32(at) === four &&
    view.getUint8(at + 4) === fifth;
}

/**
 * Whether three components are RGB and not YCbCr, as libjpeg and so most readers
 * decide (`default_decompress_parms`): JFIF is YCbCr; otherwise Adobe's segment
 * says which, and without one the components may be called R, G and B.
 * imagescript asks Adobe's segment only.
 *
 * @param at Where the first component is.
 */
function isRgb(
  view: DataView,
  at: number,
  { isJfif, transform }: { isJfif: boolean; transform: number | undefined },
): boolean {
  if (isJfif) return false;
  if (transform !== undefined) return transform === 0;
  const letters = [0, 3, 6].map((i) => view.getUint8(at + i));
  return String.fromCharCode(...letters) === "RGB";
}

function isExif(view: DataView, at: number, length: number): boolean {
  return length >= 8 && at + length - 2 <= view.byteLength &&
    view.getUint32(at) === EXIF[0] && view.getUint16(at + 4) === EXIF[1];
}

/**
 * The number of scans of a JPEG, each of which a decoder works through: the
 * markers SOS (ITU T.81, annex B). Within coded data every byte 0xff is followed
 * by 0, so that no marker is seen where there is none. What segments hold, such as
 * a thumbnail, and what follows the end of the image, such as the film of a
 * phone's motion photo, is not decoded and not counted.
 */
export function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (
    let at = bytes.indexOf(0xff, 2);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at)
  ) {
    const marker = bytes[at + 1]!;
    if (marker === 0xd9) break; // the end of the image
    if (marker === 0xda) scans++;
    if (marker === 0xff) at++; // a fill byte
    else if (hasLength(marker)) {
      const length = 256 * (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0);
      at += 2 + length;
    } else at += 2;
  }
  return scans;
}

/** Whether a marker begins a segment: not 0, TEM, RST0 to RST7 and SOI. */
function hasLength(marker: number): boolean {
  return marker > 0x01 && !(marker >= 0xd0 && marker <= 0xd8);
}
