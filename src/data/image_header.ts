import { bmpHeader } from "./decode/bmp_header.ts";
import { gifHeader } from "./decode/gif_header.ts";
import { heifHeader } from "./decode/heif_header.ts";
import { jpegHeader } from "./decode/jpeg_header.ts";
import { pngHeader } from "./decode/png_header.ts";
import { tiffHeader } from "./decode/tiff_header.ts";
import { webpHeader } from "./decode/webp_header.ts";

/** The image formats that are read, identified by their first bytes. */
export type ImageFormat =
  | "avif"
  | "bmp"
  | "gif"
  | "heic"
  | "jpeg"
  | "png"
  | "tiff"
  | "webp";

/** The formats in words, for messages. */
export const formatList = "PNG, JPEG, GIF, WebP, AVIF, HEIC, BMP or TIFF";

/** What a file claims to hold. */
export interface ImageHeader {
  /** Format, by magic number and never by file name. */
  readonly format: ImageFormat;
  /** Declared width in pixels, as stored. */
  readonly width: number;
  /** Declared height in pixels, as stored. */
  readonly height: number;
  /** EXIF orientation, 1 to 8, where the format has one; 1 is upright. */
  readonly orientation?: number;
  /** Whether a fourth sample is alpha, where the header must tell. */
  readonly hasAlpha?: boolean;
  /** Whether imagescript would take its colours for others; default: no. */
  readonly isMisread?: boolean;
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
    if (magic >>> 16 === 0x4949 || magic >>> 16 === 0x4d4d) {
      return tiffHeader(view);
    }
    if (magic === 0x52494646) return webpHeader(view);
    if (view.getUint32(4) === 0x66747970) return heifHeader(view);
    if (magic >>> 16 === 0x424d) return bmpHeader(view);
    return null;
  } catch (error) {
    // A read beyond the last byte: the head is cut off.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
