/** The image formats that are read, identified by their first bytes. */
export type ImageFormat = "gif" | "jpeg" | "png" | "tiff";

/** What a file claims to hold. */
export interface ImageHeader {
  /** Format, by magic number and never by file name. */
  readonly format: ImageFormat;
  /** Declared width in pixels. */
  readonly width: number;
  /** Declared height in pixels. */
  readonly height: number;
}

/**
 * Reads format and size from the head of an image, without decoding it, so
 * that an image which declares more pixels than allowed is refused before
 * anything of that size is allocated.
 *
 * @returns `null` if the bytes are in another format, or too few to tell.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const magic = view.getUint32(0);
    if (magic === 0x89504e47) return pngHeader(view);
    if (magic >>> 8 === 0xffd8ff) return jpegHeader(view);
    if (magic >>> 8 === 0x474946) return gifHeader(view);
    if (magic === 0x49492a00) return tiffHeader(view, true);
    if (magic === 0x4d4d002a) return tiffHeader(view, false);
    return null;
  } catch (error) {
    // A read beyond the last byte: the head is cut off.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** PNG (ISO 15948), section 11.2.2: IHDR is the first chunk. */
function pngHeader(view: DataView): ImageHeader | null {
  if (view.getUint32(4) !== 0x0d0a1a0a || view.getUint32(12) !== 0x49484452) {
    return null;
  }
  return {
    format: "png",
    width: view.getUint32(16),
    height: view.getUint32(20),
  };
}

/** JPEG (ITU T.81), annex B: walks the segments up to the frame header. */
function jpegHeader(view: DataView): ImageHeader | null {
  let at = 2;
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
      };
    }
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + view.getUint16(at + 2);
  }
}

/** GIF89a: the larger of screen and first frame in each dimension. */
function gifHeader(view: DataView): ImageHeader {
  let [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  let at = 13 + colourTableBytes(view.getUint8(10));
  while (view.getUint8(at) === 0x21) { // extensions, in sub-blocks
    at += 2;
    while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
  }
  if (view.getUint8(at) === 0x2c) {
    width = Math.max(width, view.getUint16(at + 5, true));
    height = Math.max(height, view.getUint16(at + 7, true));
  }
  return { format: "gif", width, height };
}

/** Size of the colour table that a GIF's flag byte announces. */
function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

/** TIFF 6.0, section 2: ImageWidth (256), ImageLength (257) of the first IFD. */
function tiffHeader(view: DataView, little: boolean): ImageHeader | null {
  const start = view.getUint32(4, little);
  const entries = view.getUint16(start, little);
  let [width, height] = [-1, -1];
  for (let entry = 0; entry < entries; entry++) {
    const at = start + 2 + 12 * entry;
    const tag = view.getUint16(at, little);
    const value = view.getUint16(at + 2, little) === 3
      ? view.getUint16(at + 8, little)
      : view.getUint32(at + 8, little);
    if (tag === 256) width = value;
    if (tag === 257) height = value;
  }
  return width < 0 || height < 0 ? null : { format: "tiff", width, height };
}
