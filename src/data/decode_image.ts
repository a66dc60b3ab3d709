import { messageOf } from "../core/errors.ts";
import { fileFault } from "./_file_fault.ts";
import { decoders, type Raster } from "./_imagescript.ts";
import { readImageHeader } from "./image_header.ts";

/** An image as RGB bytes. */
export interface RgbImage {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Pixels, shape `[height, width, 3]`. */
  readonly pixels: Uint8Array;
}

/** Largest number of pixels of an image, where no other limit is given. */
export const maxPixels = 2 ** 24;

/**
 * Decodes a PNG, JPEG, GIF or TIFF image to RGB. Grey is repeated over the
 * channels, and an animation gives its first frame. Transparent pixels are
 * blended with white, as on a page; where nothing would be left to see, as of a
 * white drawing, with black. The declared size is checked before anything is
 * decoded.
 *
 * @param bytes The whole file.
 * @param options `path` for messages; `limitPixels`: largest number
 * of pixels.
 * @throws {UsageError} If the bytes are in another format, declare no or too many
 * pixels, or cannot be decoded.
 */
export async function decodeImage(
  bytes: Uint8Array,
  { path, limitPixels = maxPixels }: { path: string; limitPixels?: number },
): Promise<RgbImage> {
  const header = readImageHeader(bytes);
  if (header === null) {
    const found = bytes.length === 0
      ? "an empty file"
      : "another format or a file that is cut off in its header";
    throw fileFault(
      path,
      `must be a PNG, JPEG, GIF or TIFF image, got ${found}`,
    );
  }
  const { format, width, height } = header;
  if (width * height < 1 || width * height > limitPixels) {
    throw fileFault(
      path,
      `must have 1 to ${limitPixels} pixels, got ${width} x ${height}`,
    );
  }
  const broken = (reason: string) =>
    fileFault(
      path,
      `is a ${format.toUpperCase()} image that is damaged, cut off or of an unsupported kind (${reason})`,
    );
  let raster: Raster;
  try {
    raster = await decoders[format](bytes);
  } catch (error) {
    throw broken(messageOf(error));
  }
  const { pixels, channels } = raster;
  if (pixels.length !== raster.width * raster.height * channels) {
    throw broken(`${pixels.length} bytes of pixels`);
  }
  return {
    width: raster.width,
    height: raster.height,
    pixels: toRgb(raster),
  };
}

function toRgb({ width, height, channels, pixels }: Raster): Uint8Array {
  if (channels === 3) return pixels;
  if (channels === 4) {
    const onWhite = blend(pixels, 255);
    // Otherwise all white drawings on a transparent ground would be equal.
    return isPlainWhite(onWhite) ? blend(pixels, 0) : onWhite;
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i++) {
    rgb.fill(pixels[i]!, 3 * i, 3 * i + 3);
  }
  return rgb;
}

/**
 * Lays RGBA pixels, whose alpha is straight, on a plain ground, to the nearest
 * integer.
 */
function blend(rgba: Uint8Array, ground: number): Uint8Array {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    // The usual case, for which a division per byte is slow.
    if (alpha === 255) {
      rgb[to] = rgba[from]!;
      rgb[to + 1] = rgba[from + 1]!;
      rgb[to + 2] = rgba[from + 2]!;
      continue;
    }
    for (let c = 0; c < 3; c++) {
      rgb[to + c] = Math.round(
        (rgba[from + c]! * alpha + ground * (255 - alpha)) / 255,
      );
    }
  }
  return rgb;
}

function isPlainWhite(rgb: Uint8Array): boolean {
  return rgb.every((byte) => byte === 255);
}
